// SPDX-License-Identifier: MIT
// Two amplify-js devices beside two Tideline clients on one server: relations of every kind, composite keys, all equal at the end.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { buildClientSchema, getIntrospectionQuery, getNamedType, isLeafType } from 'graphql';

import { Device, Server, TidelineDevice, sorted } from './parties.mjs';

const models = ['Project', 'Team', 'Member', 'Shelf', 'Book', 'Lamp', 'Parent', 'Child', 'Single', 'Student', 'Course', 'Enrolment'];
const fixtures = join(process.env.TIDELINE_SHARED_DIR, 'fixtures', 'schema', 'relations');

let folder;
let server;
let schema;
let a, b, c, d;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tideline-relations-'));
  server = new Server({
    tool: process.env.TIDELINE_TOOL, schema: join(fixtures, 'input.graphql'), database: join(folder, 'relations.db'), apiKey: 'da2-relations',
  });
  await server.start();
  schema = buildClientSchema(await server.graphql(getIntrospectionQuery()));
});

after(async () => {
  await Promise.all([a, b, c, d].map((device) => device?.stop()));
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

const tideline = (name) => TidelineDevice.make(name, server, {
  endpoint: server.endpoint.replace('https', 'http'), schema: join(fixtures, 'input.graphql'), path: join(folder, `${name}.db`),
});

// What the backend has of a model, without tombstones and metadata.
async function stored(model) {
  const fields = Object.values(schema.getType(model).getFields()).filter(({ type }) => isLeafType(getNamedType(type))).map(({ name }) => name);
  const sync = Object.values(schema.getQueryType().getFields()).find(({ name, type }) => name.startsWith('sync') && type.name === `Model${model}Connection`);
  const { page } = await server.graphql(`{ page: ${sync.name}(limit: 1000) { items { ${fields.join(' ')} } } }`);
  return sorted(page.items.filter(({ _deleted }) => !_deleted)
    .map(({ _version, _deleted, _lastChangedAt, ...record }) => record));
}

async function allEqual() {
  const entries = await Promise.all(models.map(async (model) => [model, await stored(model)]));
  const expected = Object.fromEntries(entries);
  await Promise.all([a, b, c, d].map((device) => device.becomes(expected)));
  return expected;
}

test('four devices become ready', async () => {
  [a, b] = await Promise.all(['A', 'B'].map((name) => Device.make(name, server, { models: join(fixtures, 'model-schema.json') })));
  [c, d] = await Promise.all(['C', 'D'].map(tideline));
  await Promise.all([a, b, c, d].flatMap((device) => models.map((model) => device.tell('observe', { model }))));
  await Promise.all([a, b, c, d].map((device) => device.ready()));
});

test('what each saves reaches all others', async () => {
  const save = (device, model, values) => device.sent(() => device.tell('save', { model, values }));
  const team = await save(a, 'Team', { name: 'One' });
  const mentor = await save(a, 'Member', { name: 'Ann', team: { model: 'Team', key: team.id } });
  await save(a, 'Member', { name: 'Bea', team: { model: 'Team', key: team.id }, mentor: { model: 'Member', key: mentor.id } });
  await save(a, 'Project', { name: 'P', team: { model: 'Team', key: team.id } });
  await save(b, 'Parent', { region: 'r', code: 'c' });
  for (const serial of [2, 10, -1]) await save(b, 'Child', { region: 'r', serial, parent: { model: 'Parent', key: { region: 'r', code: 'c' } } });
  await save(b, 'Single', { parent: { model: 'Parent', key: { region: 'r', code: 'c' } } });
  for (const number of [1, 2]) await save(c, 'Student', { school: 's', number });
  for (const id of ['maths', 'arts']) await save(c, 'Course', { id, title: id });
  for (const [number, courseId] of [[1, 'maths'], [1, 'arts'], [2, 'arts']])
    await save(c, 'Enrolment', { id: `${number}-${courseId}`, studentSchool: 's', studentnumber: number, courseId });
  await save(d, 'Shelf', { id: 'shelf', label: 'upper' });
  for (const id of ['b1', 'b2']) await save(d, 'Book', { id, title: id, shelfId: 'shelf' });
  await save(d, 'Lamp', { id: 'lamp', watts: 7, shelfId: 'shelf' });
  const records = await allEqual();
  assert.deepEqual(models.map((model) => records[model].length), [1, 1, 2, 1, 2, 1, 1, 3, 1, 2, 2, 3]);
});

test('relations lead to the same records on a device that did not save them', async () => {
  const related = async (model, id, field, name) => (await b.tell('related', { model, id, field })).map((record) => record[name]).sort();
  const [team] = await b.tell('all', { model: 'Team' });
  assert.deepEqual(await related('Team', team.id, 'members', 'name'), ['Ann', 'Bea']);
  const mentor = (await b.tell('all', { model: 'Member' })).find(({ name }) => name === 'Ann');
  assert.deepEqual(await related('Member', mentor.id, 'students', 'name'), ['Bea']);
  assert.deepEqual(await related('Parent', { region: 'r', code: 'c' }, 'children', 'serial'), [-1, 10, 2]);
  assert.deepEqual(await related('Student', { school: 's', number: 1 }, 'courses', 'courseId'), ['arts', 'maths']);
  assert.deepEqual(await related('Course', 'arts', 'students', 'studentnumber'), [1, 2]);
  assert.deepEqual(await related('Shelf', 'shelf', 'books', 'title'), ['b1', 'b2']);
});

test('changes of the same records at once end equal everywhere', async () => {
  const [team] = await a.tell('all', { model: 'Team' });
  const edit = (device, model, id, values) => device.tell('update', { model, id, values });
  for (let round = 0; round < 5; ++round) {
    await Promise.all([
      a.sent(() => edit(a, 'Team', team.id, { name: `A${round}` })),
      b.sent(() => edit(b, 'Course', 'maths', { title: `B${round}` })),
      c.sent(() => c.tell('save', { model: 'Team', values: { id: team.id, name: `C${round}` } })),
      d.sent(() => d.tell('save', { model: 'Course', values: { id: 'maths', title: `D${round}` } })),
    ]);
  }
  await allEqual();
});

test('deletions take along what depends on them, on every device', async () => {
  const [team] = await a.tell('all', { model: 'Team' });
  await Promise.all([
    a.processed(new RegExp(`"id":"${team.id}".*"_deleted":true`), () => a.tell('remove', { model: 'Team', id: team.id })),
    b.processed(/"code":"c".*"_deleted":true/, () => b.tell('remove', { model: 'Parent', id: { region: 'r', code: 'c' } })),
    c.processed(/"model":"Student"/, () => c.tell('remove', { model: 'Student', key: { school: 's', number: 1 } })),
    d.processed(/"model":"Shelf"/, () => d.tell('remove', { model: 'Shelf', key: { id: 'shelf' } })),
  ]);
  const records = await allEqual();
  const left = ['Team', 'Member', 'Parent', 'Child', 'Student', 'Enrolment', 'Shelf', 'Book'].map((model) => records[model].length);
  assert.deepEqual(left, [0, 0, 0, 0, 1, 1, 0, 0]);
});

test('they meet again after the server was away', async () => {
  assert.equal(await server.stop(), 0);
  await c.tell('save', { model: 'Course', values: { id: 'away', title: 'saved while away' } });
  await d.tell('save', { model: 'Student', values: { school: 'away', number: 1 } });
  await server.start();
  await a.sent(() => a.tell('save', { model: 'Course', values: { title: 'back' } }));
  await Promise.all([c, d].map((device) => device.happens(
    (event) => event.event === 'hub' && event.name === 'outboxMutationProcessed' && /away/.test(JSON.stringify(event.data)), 'what it saved meanwhile sent')));
  const records = await allEqual();
  assert.equal(records.Course.length, 4);
});

test('no amplify-js device reported an error', () => {
  for (const device of [a, b]) assert.deepEqual(device.errors(), [], device.name);
});
