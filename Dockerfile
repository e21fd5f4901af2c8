# The product as one image; docker-compose.yml runs it as web, worker, beat and the one-shot migrate.
# Three stages: packages for the browser, packages for Python with the static files, and what is run.

# --- 1. Front-end packages, by their lock file -----------------------------------------------------------------------
FROM node:24-bookworm-slim AS frontend
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev

# --- 2. Python packages, catalogues and static files ----------------------------------------------------------------
FROM python:3.11-slim-bookworm AS build
WORKDIR /app
# Wheels only: a package that wants a compiler stops the build here, so none is ever needed in an image.
COPY requirements/production.lock /build/production.lock
RUN python -m venv --without-pip /opt/venv \
 && pip --python /opt/venv/bin/python --disable-pip-version-check --no-cache-dir install \
    --require-hashes --only-binary=:all: --requirement /build/production.lock
ENV PATH=/opt/venv/bin:$PATH
# .dockerignore lets through only what the product is made of.
COPY . /app
COPY --from=frontend /build/node_modules /app/node_modules
# SCHOOLBOOK_MODE=build: settings that ask for no secret and no database. Of the packages for the browser only the
# fonts of printed documents stay.
RUN find locale -name '*.po' -exec sh -ec 'pybabel compile --input-file="$1" --output-file="${1%.po}.mo"' compile {} ';' \
 && SCHOOLBOOK_MODE=build python manage.py collectstatic --noinput \
 && find node_modules ! -type d ! -path '*/@fontsource/tinos/files/*.woff2' -delete \
 && find node_modules -type d -empty -delete \
 && python -m compileall -q /app

# --- 3. What is run: no compiler, no npm, no pip; every file belongs to root and the process does not ---------------
FROM python:3.11-slim-bookworm AS runtime
# The number is fixed so that the files of the volume keep their owner from one image to the next.
RUN groupadd --gid 10001 schoolbook \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin schoolbook \
 && install --directory --owner=schoolbook --group=schoolbook --mode=0750 \
    /var/lib/schoolbook/files /var/lib/schoolbook/backups \
 && pip uninstall --yes --no-input setuptools wheel pip
# What lays out the text of printed documents; the same names are in scripts/setup.py.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    FILES_ROOT=/var/lib/schoolbook/files
WORKDIR /app
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "--config=/app/deploy/gunicorn.conf.py", "schoolbook.wsgi:application"]
