// SPDX-License-Identifier: MIT
// Unmodified amplify-js DataStore against `tideline serve`: TIDELINE_TOOL names the program.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Device, Server } from './parties.mjs';

let folder;
let server;
const devices = [];

async function device(name, more) {
  const made = await Device.make(name, server, more);
  devices.push(made);
  return made;
}

const fullCount = {
  sku: '4006381333931',
  quantity: 12,
  price: 2.5,
  checked: false,
  countedAt: '2024-02-29T12:30:45.123Z',
  countedOn: '2024-02-29',
  stamp: 1709209845,
  data: '{"a":[1,{"b":null}]}',
  contact: 'anna@example.com',
  tags: ['ä', '', 'three "quoted"'],
  state: 'OPEN',
  place: { aisle: 'A', shelf: 17 },
};

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tideline-interop-'));
  server = new Server({
    tool: process.env.TIDELINE_TOOL,
    schema: fileURLToPath(new URL('schema.graphql', import.meta.url)),
    database: join(folder, 'interop.db'),
    apiKey: 'da2-interop',
  });
  await server.start();
});

after(async () => {
  await Promise.all(devices.map((one) => one.stop()));
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

test('a first device becomes ready on an empty backend', async () => {
  const a = await device('A');
  await a.tell('observe', { model: 'StockCount' });
  await a.ready();
  assert.deepEqual(await a.tell('all', { model: 'Shop' }), []);
});

let shop;
let count;

test('saves reach the backend with every kind of field', async () => {
  const [a] = devices;
  shop = await a.sent(() => a.tell('save', { model: 'Shop', values: { name: 'Corner' } }));
  count = await a.sent(() => a.tell('save', { model: 'StockCount', values: { ...fullCount, shop: { model: 'Shop', key: shop.id } } }));
  await a.sees('StockCount', count.id, (record) => record.createdAt, 'what the backend added');
  const { getStockCount: stored } = await server.graphql(
    `query ($id: ID!) { getStockCount(id: $id) {
       sku quantity price checked countedAt countedOn stamp data contact tags state place { aisle shelf } shopID
       _version _deleted } }`, { id: count.id });
  assert.deepEqual(stored, { ...fullCount, shopID: shop.id, _version: 1, _deleted: null });
});

test('a second device downloads what the first one saved', async () => {
  const [a] = devices;
  const b = await device('B');
  await b.tell('observe', { model: 'StockCount' });
  await b.tell('observe', { model: 'Shop' });
  await b.ready();
  for (const model of ['Shop', 'StockCount'])
    assert.deepEqual(await b.tell('all', { model }), await a.tell('all', { model }));
  assert.equal((await b.tell('query', { model: 'StockCount', id: count.id })).shopID, shop.id);
});

test('an observer is told of inserts, updates and deletions on another device', async () => {
  const [a, b] = devices;
  const from = b.events.length;
  const told = (opType, id) => b.happens(
    (event) => event.event === 'observed' && event.opType === opType && event.element.id === id, `${opType} of ${id}`, from);

  const fresh = await a.sent(() => a.tell('save', { model: 'StockCount', values: { sku: 'fresh', quantity: 1 } }));
  assert.equal((await told('INSERT', fresh.id)).element.sku, 'fresh');

  await a.sent(() => a.tell('update', { model: 'StockCount', id: fresh.id, values: { quantity: 2, state: 'CHECKED' } }));
  const { element } = await told('UPDATE', fresh.id);
  assert.equal(element.quantity, 2);
  assert.equal(element.state, 'CHECKED');
  assert.equal(element.sku, 'fresh');

  await a.sent(() => a.tell('remove', { model: 'StockCount', id: fresh.id }));
  await told('DELETE', fresh.id);
  assert.equal(await b.tell('query', { model: 'StockCount', id: fresh.id }), null);
  const { getStockCount: tombstone } = await server.graphql(
    'query ($id: ID!) { getStockCount(id: $id) { quantity _version _deleted } }', { id: fresh.id });
  assert.deepEqual(tombstone, { quantity: 2, _version: 3, _deleted: true });
});

test('fields are cleared and changed in both directions', async () => {
  const [a, b] = devices;
  await b.sent(() => b.tell('update', {
    model: 'StockCount', id: count.id, values: { tags: null, place: { aisle: 'B', shelf: null }, price: null },
  }));
  const seen = await a.sees('StockCount', count.id, (record) => record.price === null, 'the cleared price');
  assert.equal(seen.tags, null);
  assert.deepEqual(seen.place, { aisle: 'B', shelf: null });
  assert.equal(seen.quantity, fullCount.quantity);
});

test('devices that change the same record at once become equal', async () => {
  const [a, b] = devices;
  const before = await server.graphql('query ($id: ID!) { getStockCount(id: $id) { _version } }', { id: count.id });
  await Promise.all([
    a.sent(() => a.tell('update', { model: 'StockCount', id: count.id, values: { quantity: 100 } })),
    b.sent(() => b.tell('update', { model: 'StockCount', id: count.id, values: { checked: true } })),
  ]);
  // Automerge keeps the stored scalars when an update is late: whichever came second lost, as on AppSync.
  const { getStockCount: stored } = await server.graphql(
    'query ($id: ID!) { getStockCount(id: $id) { quantity checked _version } }', { id: count.id });
  assert.equal(stored._version, before.getStockCount._version + 2);
  assert.ok(stored.quantity === 100 || stored.checked === true);
  const equal = (record) => record.quantity === stored.quantity && record.checked === stored.checked;
  await a.sees('StockCount', count.id, equal, 'the merged record');
  await b.sees('StockCount', count.id, equal, 'the merged record');
});

test('a device downloads more than a page', async () => {
  const many = 1200;
  for (let at = 0; at < many; at += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, i) => server.graphql(
      'mutation ($input: CreateStockCountInput!) { createStockCount(input: $input) { id sku quantity _version } }',
      { input: { id: `bulk-${at + i}`, sku: `bulk-${at + i}`, quantity: at + i } })));
  }
  const c = await device('C');
  await c.ready();
  const records = await c.tell('all', { model: 'StockCount' });
  assert.equal(records.filter((record) => record.id.startsWith('bulk-')).length, many);
});

test('a sync expression selects what is downloaded and what is observed', async () => {
  const [a] = devices;
  const d = await device('D', { only: 1190 });
  await d.tell('observe', { model: 'StockCount' });
  await d.ready();
  assert.deepEqual((await d.tell('all', { model: 'StockCount' })).map((record) => record.quantity).sort(),
    Array.from({ length: 9 }, (_, i) => 1191 + i));
  const from = d.events.length;
  const small = await a.sent(() => a.tell('save', { model: 'StockCount', values: { sku: 'small', quantity: 5 } }));
  const large = await a.sent(() => a.tell('save', { model: 'StockCount', values: { sku: 'large', quantity: 5000 } }));
  await d.happens((event) => event.event === 'observed' && event.element.id === large.id, 'the large count', from);
  assert.equal(await d.tell('query', { model: 'StockCount', id: small.id }), null);
});

test('a relation leads to the records on its other side', async () => {
  const [, b] = devices;
  assert.deepEqual((await b.tell('related', { model: 'Shop', id: shop.id, field: 'counts' })).map(({ id }) => id), [count.id]);
});

test('an observed query shows what is synced and then what changes', async () => {
  const [a] = devices;
  const e = await device('E');
  await e.tell('observeQuery', { model: 'StockCount', above: 1195 });
  const snapshot = (matches, what) => e.happens((event) => event.event === 'snapshot' && matches(event), what);
  await snapshot(({ isSynced, items }) => isSynced && items.join() === '1196,1197,1198,1199,5000', 'a synced snapshot');
  const fresh = await a.sent(() => a.tell('save', { model: 'StockCount', values: { sku: 'seen', quantity: 3000 } }));
  await snapshot(({ items: seen }) => seen.join() === '1196,1197,1198,1199,3000,5000', 'the new count in its place');
  await a.sent(() => a.tell('update', { model: 'StockCount', id: fresh.id, values: { quantity: 1 } }));
  await snapshot(({ items: seen }) => seen.includes(5000) && seen.length === 5 && !seen.includes(3000), 'the count that no longer matches gone');
});

test('saves go on after the server was restarted', async () => {
  const [a] = devices;
  assert.equal(await server.stop(), 0);
  await server.start();
  await a.sent(() => a.tell('update', { model: 'Shop', id: shop.id, values: { name: 'Back' } }));
  const { getShop: stored } = await server.graphql('query ($id: ID!) { getShop(id: $id) { name } }', { id: shop.id });
  assert.deepEqual(stored, { name: 'Back' });
});

test('no device reported an error', () => {
  for (const one of devices) assert.deepEqual(one.errors(), [], one.name);
});
