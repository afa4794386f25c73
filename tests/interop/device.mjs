// SPDX-License-Identifier: MIT
// One device: unmodified amplify-js DataStore in a process of its own, told what to do over Node's IPC channel.
import { readFileSync } from 'node:fs';
import { webcrypto } from 'node:crypto';
import { createRequire } from 'node:module';

import WebSocket from 'ws';

// DataStore is CommonJS in Node; imported, the rest would be another copy that shares no configuration with it.
const require = createRequire(import.meta.url);
const { AuthModeStrategyType, DISCARD, DataStore, Predicates, initSchema, syncExpression } = require('@aws-amplify/datastore');
const { Amplify } = require('aws-amplify');
const { decodeJWT } = require('aws-amplify/auth');
const { Hub } = require('aws-amplify/utils');

globalThis.WebSocket ??= WebSocket;             // browsers and newer Node versions have these
globalThis.crypto ??= webcrypto;
globalThis.window ??= Object.assign(new EventTarget(), { navigator: { onLine: true } });    // DataStore asks it, in Node too

// What `amplify codegen models` wrote for JavaScript.
const schema = process.env.TIDELINE_MODELS ? JSON.parse(readFileSync(process.env.TIDELINE_MODELS, 'utf8'))
  : (await import('./models.mjs')).schema;
const models = initSchema(schema);
const tell = (event, more = {}) => process.send({ event, ...more });

function keyFields({ attributes }) {
  const key = attributes.find(({ type, properties }) => type === 'key' && !properties.name);
  return key?.properties.fields ?? ['id'];
}

// A record as the backend has it: relations are promises; what two devices can compare is the key they lead to.
async function described(record) {
  if (!record) return null;
  const { fields } = schema.models[record.constructor.name];
  const result = {};
  for (const { name, type, association } of Object.values(fields)) {
    if (!type.model) result[name] ??= record[name] === undefined ? null : JSON.parse(JSON.stringify(record[name]));
    if (association?.connectionType !== 'BELONGS_TO') continue;
    const related = await record[name];
    keyFields(schema.models[type.model]).forEach((part, i) => { result[association.targetNames[i]] = related?.[part] ?? null; });
  }
  return result;
}

// Relations are given as {model, key}.
async function initial(values) {
  const found = await Promise.all(Object.entries(values).map(async ([name, value]) =>
    [name, value?.model ? await DataStore.query(models[value.model], value.key) : value]));
  return Object.fromEntries(found);
}

const conflictHandlers = {
  theirs: () => DISCARD,
  // What the rejected input has, on top of the record it met.
  mine: ({ modelConstructor, localModel, remoteModel }) => modelConstructor.copyOf(remoteModel, (draft) => {
    for (const [name, value] of Object.entries(JSON.parse(JSON.stringify(localModel))))
      if (value !== null && name !== 'id' && !name.startsWith('_')) draft[name] = value;
  }),
};

// The session of a user who has signed in.
function session({ accessToken, idToken }) {
  return { Auth: { tokenProvider: { getTokens: async () => ({ accessToken: decodeJWT(accessToken), idToken: decodeJWT(idToken) }) } } };
}

const commands = {
  configure({ endpoint, apiKey, only, conflicts, authMode = 'apiKey', strategy, tokens }) {
    Amplify.configure({ API: { GraphQL: { endpoint, region: 'local', defaultAuthMode: authMode, apiKey } } }, tokens && session(tokens));
    DataStore.configure({
      ...(strategy ? { authModeStrategyType: AuthModeStrategyType[strategy] } : {}),
      errorHandler: (error) => tell('error', {
        model: error.model, operation: error.operation, type: error.errorType, message: error.message,
      }),
      ...(conflicts ? {
        conflictHandler: (conflict) => {
          tell('conflict', { attempts: conflict.attempts, operation: conflict.operation });
          return conflictHandlers[conflicts](conflict);
        },
      } : {}),
      syncExpressions: only ? [syncExpression(models.StockCount, () => (count) => count.quantity.gt(only))] : [],
    });
    Hub.listen('datastore', ({ payload }) => tell('hub', { name: payload.event, data: JSON.parse(JSON.stringify(payload.data ?? null)) }));
  },
  async start() {
    await DataStore.start();
  },
  observe({ model }) {
    DataStore.observe(models[model]).subscribe({
      next: ({ opType, element }) => tell('observed', { model, opType, element: JSON.parse(JSON.stringify(element)) }),
      error: (error) => tell('error', { message: String(error) }),
    });
  },
  observeQuery({ model, above }) {
    DataStore.observeQuery(models[model], (record) => record.quantity.gt(above), { sort: (by) => by.quantity('ASCENDING') }).subscribe({
      next: ({ items, isSynced }) => tell('snapshot', { model, isSynced, items: items.map(({ quantity }) => quantity) }),
      error: (error) => tell('error', { message: String(error) }),
    });
  },
  async save({ model, values }) {
    return described(await DataStore.save(new models[model](await initial(values))));
  },
  async update({ model, id, values }) {
    const stored = await DataStore.query(models[model], id);
    const changes = await initial(values);
    return described(await DataStore.save(models[model].copyOf(stored, (draft) => { Object.assign(draft, changes); })));
  },
  async remove({ model, id }) {
    await DataStore.delete(await DataStore.query(models[model], id));
  },
  async query({ model, id }) {
    return described(await DataStore.query(models[model], id));
  },
  async all({ model }) {
    const records = await DataStore.query(models[model], Predicates.ALL);
    return Promise.all(records.map(described));
  },
  // The records a to-many relation leads to.
  async related({ model, id, field }) {
    const record = await DataStore.query(models[model], id);
    return Promise.all((await record[field].toArray()).map(described));
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
