from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RenameModel(old_name="LoginMailRequest", new_name="CountedRequest"),
        migrations.AlterField(
            model_name="countedrequest",
            name="source",
            field=models.CharField(max_length=334),
        ),
        migrations.RenameIndex(
            model_name="countedrequest",
            new_name="requests_by_source",
            old_name="mail_requests_by_source",
        ),
    ]
