# Trueline in one image: web, worker, sealer, beat and migrations are the same image with another command.
# Building needs the network; running needs none: nothing is installed, compiled or fetched at start.

FROM python:3.11-slim-bookworm AS build
ENV UV_PROJECT_ENVIRONMENT=/opt/trueline/venv UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never UV_COMPILE_BYTECODE=1
RUN pip install --no-cache-dir "uv>=0.9"
WORKDIR /opt/trueline/app
COPY pyproject.toml uv.lock ./
# docker build --build-arg EXTRAS="saml ldap": pyproject.toml, optional-dependencies. Only `ldap` is compiled.
ARG EXTRAS=""
RUN case " $EXTRAS " in *" ldap "*) apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev libldap-dev libsasl2-dev ;; esac
RUN uv sync --frozen --no-dev --no-cache $(for extra in $EXTRAS; do echo "--extra $extra"; done)
COPY manage.py LICENSE ./
COPY config config
COPY core core
COPY traceability traceability
COPY qms qms
COPY mes mes
COPY integrations integrations
COPY templates templates
COPY static static
COPY locale locale
COPY tools tools
RUN TRUELINE_DATA=/tmp/build /opt/trueline/venv/bin/python manage.py collectstatic --noinput --verbosity=0 \
    && /opt/trueline/venv/bin/python -m compileall -q . \
    && rm -rf /tmp/build

FROM python:3.11-slim-bookworm
# The same list as tools/system_packages.py (a test compares them).
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 \
        libpangoft2-1.0-0 \
        libharfbuzz-subset0 \
        fontconfig \
        fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
ARG EXTRAS=""
RUN case " $EXTRAS " in *" ldap "*) apt-get update \
    && apt-get install -y --no-install-recommends libldap-2.5-0 libsasl2-2 && rm -rf /var/lib/apt/lists/* ;; esac
RUN groupadd --gid 10001 trueline \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin trueline \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/trueline /opt/trueline
WORKDIR /opt/trueline/app
ENV PATH=/opt/trueline/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    XDG_CACHE_HOME=/tmp \
    TRUELINE_DATA=/data \
    TRUELINE_PRODUCTION=1 \
    TRUELINE_HTTPS=1 \
    LOG_FORMAT=json
USER 10001:10001
VOLUME /data
EXPOSE 8000
CMD ["python", "-m", "uvicorn", "config.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--lifespan", "off", "--log-level", "warning", "--no-access-log", "--no-server-header", "--timeout-graceful-shutdown", "10"]
