from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("staging", "0001_initial")]

    operations = [
        # The table keeps its name: there is nothing to do on a server.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RenameModel("Hold", "Lease"),
                migrations.AlterModelTable("Lease", "staging_hold"),
            ]
        )
    ]
