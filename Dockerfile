# Three steps: the front end is built with Node, the packages with pip, and neither tool is in what runs.

FROM node:20-bookworm-slim AS front
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY static/src static/src
RUN npm run build

FROM python:3.11-slim-bookworm AS packages
WORKDIR /app
COPY requirements.txt ./
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes --no-deps -r requirements.txt

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libmagic1 fonts-dejavu-core postgresql-client tini \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /app --shell /usr/sbin/nologin attest
WORKDIR /app
ENV PATH=/venv/bin:$PATH \
    DJANGO_SETTINGS_MODULE=config.settings \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    VAR_DIR=/app/var \
    TMPDIR=/app/var/incoming
COPY --from=packages /venv /venv
COPY . .
COPY --from=front /app/static/build static/build
# Fingerprinted files are made here, so that the running container needs to write none of them.
RUN python -m compileall -q . \
    && SECRET_KEY=only-to-collect-files python manage.py collectstatic --noinput \
    && mkdir -p var/incoming \
    && chown attest:attest var/incoming
USER attest
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "tools/answers.py", "http://127.0.0.1:8000/healthz"]
ENTRYPOINT ["tini", "--"]
CMD ["gunicorn", "config.wsgi:application", "--config", "deploy/gunicorn.conf.py"]
