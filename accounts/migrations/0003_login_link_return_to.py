from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_counted_request")]

    operations = [
        # With a default in the database, an earlier release can go on writing rows.
        migrations.AddField(
            model_name="loginlink",
            name="return_to",
            field=models.CharField(db_default="", default="", max_length=200),
        ),
    ]
