"""What granian serves."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anju.config.settings")
os.environ.setdefault("ANJU_SERVING", "1")

from django.core.wsgi import get_wsgi_application

from anju.config.parent import die_with_parent

die_with_parent()
application = get_wsgi_application()
