# syntax=docker/dockerfile:1
# One image for the web server, workers, beat and manage.py. Without the embedded servers: it wants a DATABASE_URL.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS packages
COPY requirements.lock /
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --only-binary :all: --require-hashes \
        --requirement /requirements.lock

FROM python:${PYTHON}-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=config.settings \
    DATA_DIR=/srv/data
RUN groupadd --system --gid 10001 throughline \
    && useradd --system --uid 10001 --gid throughline --home-dir /srv --no-create-home --shell /usr/sbin/nologin throughline
COPY --from=packages /venv /venv
WORKDIR /srv/throughline
COPY manage.py LICENSE ./
COPY config config
COPY lib lib
COPY teams teams
COPY conversations conversations
COPY strategy strategy
COPY alignment alignment
COPY digest digest
COPY exchange exchange
COPY accounts accounts
COPY web web
COPY api api
COPY templates templates
COPY static static
# Compiled and collected here, by root, because nothing is written there later: the file system may be read-only.
# The settings want servers and a key before they say where static files go; none of these three reaches the image.
RUN python -m compileall -q . \
    && DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost SECRET_KEY=only-for-the-build \
        python manage.py collectstatic --noinput --verbosity 0
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["python", "-m", "config.webserver", "--host", "0.0.0.0", "--port", "8000", "--processes", "2", "--threads", "4"]
