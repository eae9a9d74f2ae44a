from mutants.changes.database import mutants_of_database
from mutants.mutant import Kind

MODELS = """\
class Item(models.Model):
    list = models.ForeignKey(List, on_delete=models.CASCADE)
    text = models.CharField(max_length=LONGEST, unique=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("list", "text"), name="one"),)
"""
FIRST = """\
class Migration(migrations.Migration):
    operations = [
        migrations.CreateModel(
            name="Thing",
            fields=[
                ("list", models.ForeignKey(on_delete=django.CASCADE, to="lists.list")),
                ("text", models.CharField(max_length=200)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("list", "text"), name="one")]},
        ),
    ]
"""
SECOND = """\
class Migration(migrations.Migration):
    operations = [
        migrations.RenameModel(old_name="Thing", new_name="Item"),
        migrations.AlterField(
            model_name="item",
            name="text",
            field=models.CharField(max_length=255, unique=True),
        ),
    ]
"""


def test_changes_models_together_with_their_migrations() -> None:
    paths = ["lists/models.py", "lists/migrations/0001.py", "lists/migrations/0002.py"]
    texts = dict(zip(paths, [MODELS, FIRST, SECOND], strict=True))
    mutants = list(mutants_of_database("lists/models.py", texts))
    assert {mutant.kind for mutant in mutants} == {Kind.DATABASE}
    changed = {
        mutant.after: {
            line.strip()
            for path, text in mutant.texts.items()
            for line in {*text.splitlines()} - {*texts[path].splitlines()}
        }
        - {mutant.after}
        for mutant in mutants
    }
    assert changed == {
        "list = models.ForeignKey(List, on_delete=models.PROTECT)": {
            '("list", models.ForeignKey(on_delete=models.PROTECT, to="lists.list")),',
        },
        "list = models.ForeignKey(List, on_delete=models.DO_NOTHING)": {
            '("list", models.ForeignKey(on_delete=models.DO_NOTHING, to="lists.list")),',
        },
        "text = models.CharField(max_length=1000, unique=True)": {
            '("text", models.CharField(max_length=1000)),',
            "field=models.CharField(max_length=1000, unique=True),",
        },
        "text = models.CharField(max_length=LONGEST, )": {
            "field=models.CharField(max_length=255, ),",
        },
        'constraints = (models.UniqueConstraint(fields=("list",), name="one"),)': {
            'options={"constraints": [models.UniqueConstraint(fields=("list",), name="one")]},',
        },
        'constraints = (models.UniqueConstraint(fields=("text",), name="one"),)': {
            'options={"constraints": [models.UniqueConstraint(fields=("text",), name="one")]},',
        },
        "constraints = ()": {'options={"constraints": []},'},
    }
