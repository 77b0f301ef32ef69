from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0004_management_areas"),
    ]

    operations = [
        migrations.AddField(model_name="listimport", name="left", field=models.JSONField(default=list)),
        migrations.AlterField(
            model_name="listimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("reading", "正在核对"),
                    ("previewed", "待写入"),
                    ("treating", "正在处理存疑"),
                    ("writing", "正在写入"),
                    ("written", "已写入"),
                    ("undoing", "正在撤回"),
                    ("undone", "已撤回"),
                    ("abandoned", "已放弃"),
                    ("failed", "未能读取"),
                ],
                max_length=10,
            ),
        ),
    ]
