# The service with its native SQLite build; see docker-compose.yml.
FROM node:24-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json tsconfig.json tsconfig.build.json tsconfig.client.json nest-cli.json ./
COPY src src
COPY bin bin
COPY docs docs
RUN npm install --no-audit --no-fund && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
WORKDIR /app
ENV NODE_ENV=production
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY bin bin
COPY examples examples
RUN mkdir /data && chown node /data
USER node
CMD ["node", "bin/disclosure.js", "serve"]
