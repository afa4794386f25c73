// SPDX-License-Identifier: MIT
// One device: unmodified amplify-js DataStore in a process of its own, told what to do over Node's IPC channel.
import { webcrypto } from 'node:crypto';
import { createRequire } from 'node:module';

import WebSocket from 'ws';

import { Shop, StockCount } from './models.mjs';

// DataStore is CommonJS in Node; imported, the rest would be another copy that shares no configuration with it.
const require = createRequire(import.meta.url);
const { DataStore, Predicates, syncExpression } = require('@aws-amplify/datastore');
const { Amplify } = require('aws-amplify');
const { Hub } = require('aws-amplify/utils');

globalThis.WebSocket ??= WebSocket;             // browsers and newer Node versions have these
globalThis.crypto ??= webcrypto;
globalThis.window ??= Object.assign(new EventTarget(), { navigator: { onLine: true } });    // DataStore asks it, in Node too

const models = { Shop, StockCount };
const tell = (event, more = {}) => process.send({ event, ...more });
const plain = (record) => (record ? JSON.parse(JSON.stringify(record)) : null);

// Relations are promises; their key is what two devices can compare.
async function described(record) {
  if (!record) return null;
  const result = plain(record);
  delete result.counts;
  if (record instanceof StockCount) result.shop = (await record.shop)?.id ?? null;
  return result;
}

const commands = {
  configure({ endpoint, apiKey, only }) {
    Amplify.configure({ API: { GraphQL: { endpoint, region: 'local', defaultAuthMode: 'apiKey', apiKey } } });
    DataStore.configure({
      errorHandler: (error) => tell('error', {
        model: error.model, operation: error.operation, type: error.errorType, message: error.message,
      }),
      syncExpressions: only ? [syncExpression(StockCount, () => (count) => count.quantity.gt(only))] : [],
    });
    Hub.listen('datastore', ({ payload }) => tell('hub', { name: payload.event, data: plain(payload.data) }));
  },
  async start() {
    await DataStore.start();
  },
  observe({ model }) {
    DataStore.observe(models[model]).subscribe({
      next: ({ opType, element }) => tell('observed', { model, opType, element: plain(element) }),
      error: (error) => tell('error', { message: String(error) }),
    });
  },
  async save({ model, values }) {
    const input = { ...values };
    if (input.shop) input.shop = await DataStore.query(Shop, input.shop);
    return described(await DataStore.save(new models[model](input)));
  },
  async update({ model, id, values }) {
    const stored = await DataStore.query(models[model], id);
    const changed = models[model].copyOf(stored, (draft) => Object.assign(draft, values));
    return described(await DataStore.save(changed));
  },
  async remove({ model, id }) {
    await DataStore.delete(models[model], id);
  },
  async query({ model, id }) {
    return described(await DataStore.query(models[model], id));
  },
  async all({ model }) {
    const records = await DataStore.query(models[model], Predicates.ALL);
    return Promise.all(records.map(described));
  },
  async stop() {
    await DataStore.stop();
  },
};

process.on('message', async ({ call, command, parameters }) => {
  try {
    process.send({ call, result: (await commands[command](parameters ?? {})) ?? null });
  } catch (error) {
    process.send({ call, failure: String(error?.stack ?? error) });
  }
});
process.on('disconnect', () => process.exit(0));
tell('here');
