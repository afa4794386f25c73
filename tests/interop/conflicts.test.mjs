// SPDX-License-Identifier: MIT
// amplify-js's conflict handler against a server that rejects late mutations.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Device, Server } from './parties.mjs';

const rounds = 30;                              // to meet a conflict; one is enough

let folder;
let server;
const devices = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tideline-conflicts-'));
  server = new Server({
    tool: process.env.TIDELINE_TOOL, schema: fileURLToPath(new URL('schema.graphql', import.meta.url)),
    database: join(folder, 'conflicts.db'), apiKey: 'da2-conflicts', options: ['--conflict', 'optimistic'],
  });
  await server.start();
});

after(async () => {
  await Promise.all(devices.map((one) => one.stop()));
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

async function pair(conflicts) {
  const two = await Promise.all(['A', 'B'].map((name) => Device.make(`${name}, ${conflicts}`, server, { conflicts })));
  devices.push(...two);
  await Promise.all(two.map((one) => one.tell('observe', { model: 'StockCount' })));
  await Promise.all(two.map((one) => one.ready()));
  return two;
}

const stored = async (id) => (await server.graphql(
  'query ($id: ID!) { getStockCount(id: $id) { sku quantity _version _deleted } }', { id })).getStockCount;

// Both change the record at once until the backend has rejected one; the rejected change and the record it met.
async function collide([a, b], id) {
  for (let round = 1; round <= rounds; ++round) {
    await Promise.all([
      a.sent(() => a.tell('update', { model: 'StockCount', id, values: { quantity: round } })),
      b.sent(() => b.tell('update', { model: 'StockCount', id, values: { quantity: -round } })),
    ]);
    const { quantity } = await stored(id);
    const same = (record) => record.quantity === quantity;
    await Promise.all([a, b].map((one) => one.sees('StockCount', id, same, `${quantity} as the backend has it`)));
    const loser = [a, b].find((one) => one.events.some(({ event }) => event === 'conflict'));
    if (loser) return { loser: loser === a ? round : -round, quantity };
  }
  throw new Error(`no conflict in ${rounds} rounds`);
}

async function fresh([a, b]) {
  const { id } = await a.sent(() => a.tell('save', { model: 'StockCount', values: { sku: 'contested', quantity: 0 } }));
  await b.sees('StockCount', id, (record) => record !== null, 'the contested count');
  return id;
}

test('a handler that gives way leaves what the other device saved', async () => {
  const two = await pair('theirs');
  const { loser, quantity } = await collide(two, await fresh(two));
  assert.equal(quantity, -loser);
});

test('a handler that insists is sent again with the version it met', async () => {
  const two = await pair('mine');
  const { loser, quantity } = await collide(two, await fresh(two));
  assert.equal(quantity, loser);
});

test('a deletion that comes too late meets the handler, too', async () => {
  const two = await pair('theirs');
  const id = await fresh(two);
  for (let round = 1; ; ++round) {
    assert.ok(round <= rounds, 'no conflict');
    const [a, b] = two;
    const from = a.events.length;
    await Promise.all([
      a.sent(() => a.tell('remove', { model: 'StockCount', id })),
      b.sent(() => b.tell('update', { model: 'StockCount', id, values: { quantity: round } })),
    ]);
    const { _deleted } = await stored(id);
    const met = a.events.slice(from).some(({ event, operation }) => event === 'conflict' && operation === 'DELETE');
    if (!met) return assert.ok(_deleted);       // the deletion came first and won
    assert.equal(_deleted, null);
    return a.sees('StockCount', id, (record) => record?.quantity === round, 'the count that was not deleted');
  }
});

test('no device reported an error', () => {
  const errors = (one) => one.errors().filter(({ message }) => message !== 'RetryMutation');       // DataStore's note to itself
  for (const one of devices) assert.deepEqual(errors(one), [], one.name);
});
