# The S3-compatible store of the trial installation, with a folder that its ordinary user owns.
FROM ghcr.io/versity/versitygw:v1.8.0
USER root
RUN mkdir -p /data && chown 10001:10001 /data
USER 10001:10001
VOLUME /data
