# zhinan in a container: `docker build -t zhinan .`, then
# `docker run -p 8080:8080 -v zhinan-data:/data -v ./kb:/kb zhinan`.
# /data holds tickets, people and the redaction key; /kb the articles, which the studio writes too.
FROM rust:1-bookworm AS build
WORKDIR /build
COPY . .
RUN cargo build --release --locked && strip target/release/zhinan

FROM debian:bookworm-slim
# The studio commits what it publishes where /kb is a git work tree.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --create-home zhinan \
  && mkdir /data /kb && chown zhinan /data /kb
COPY --from=build /build/target/release/zhinan /usr/local/bin/zhinan
COPY --chown=zhinan kb /kb
USER zhinan
VOLUME ["/data", "/kb"]
EXPOSE 8080
# The operators' listener stays inside; publish 8081 to those who may see it.
CMD ["zhinan", "serve", "--listen", "0.0.0.0:8080", "--ops-listen", "0.0.0.0:8081", "--data", "/data", "--kb", "/kb"]
