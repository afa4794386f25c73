// SPDX-License-Identifier: MIT
// The audits of the GraphQL over HTTP specification by graphql-http.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { auditServer } from 'graphql-http';

import { Server } from './parties.mjs';

const apiKey = 'da2-audit';

let folder;
let server;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tideline-audit-'));
  server = new Server({
    tool: process.env.TIDELINE_TOOL, schema: fileURLToPath(new URL('schema.graphql', import.meta.url)),
    database: join(folder, 'audit.db'), apiKey,
  });
  await server.start();
});

after(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('every audit passes, those of MAY included', async () => {
  const fetchFn = (url, options = {}) => fetch(url, { ...options, headers: { ...options.headers, 'x-api-key': apiKey } });
  const results = await auditServer({ url: `http://localhost:${server.port}/graphql`, fetchFn });
  assert.ok(results.length > 50);
  assert.deepEqual(results.filter(({ status }) => status !== 'ok').map(({ id, name, reason }) => `${id} ${name}: ${reason}`), []);
});
