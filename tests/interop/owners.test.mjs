// SPDX-License-Identifier: MIT
// Owners and groups by token: unmodified amplify-js devices of two users, on a user pool and on another issuer.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test, before, after } from 'node:test';

import { Issuer, ownedSchema } from './owners.mjs';
import { Device, Server } from './parties.mjs';

const pool = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Tideline';
const issuer = 'https://issuer.example';

const ways = [
  { provider: 'userPools', authMode: 'userPool', url: pool, options: ['--user-pool', pool, '--user-pool-client', 'app'] },
  { provider: 'oidc', authMode: 'oidc', url: issuer, options: ['--oidc-issuer', issuer, '--oidc-audience', 'app'], strategy: 'MULTI_AUTH' },
];

for (const { provider, authMode, url, options, strategy } of ways) {
  describe(`signed in with ${provider}`, () => {
    let folder;
    let server;
    let users;
    let ann, ann2, ben;

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tideline-owners-'));
      const file = async (name, content) => {
        await writeFile(join(folder, name), content);
        return join(folder, name);
      };
      const issuing = new Issuer(provider, url);
      const { sdl, models } = ownedSchema(provider);
      users = { ann: issuing.tokens('ann'), ben: issuing.tokens('ben', ['Planners']) };
      server = new Server({
        tool: process.env.TIDELINE_TOOL, schema: await file('schema.graphql', sdl), database: join(folder, 'owners.db'), apiKey: 'da2-owners',
        options: [...options, '--jwks', await file('keys.json', JSON.stringify(issuing.keySet))],
      });
      server.models = await file('models.json', JSON.stringify(models));
      await server.start();
    });

    after(async () => {
      await Promise.all([ann, ann2, ben].map((device) => device?.stop()));
      await server?.stop();
      await rm(folder, { recursive: true, force: true });
    });

    const as = (name, query, variables) => server.answer(query, variables, { authorization: users[name].accessToken });
    const make = (name) => Device.make(name, server, { models: server.models, authMode, strategy, tokens: users[name] });
    const texts = async (device, model) => (await device.tell('all', { model })).map(({ text }) => text).sort();
    const save = (device, model, text) => device.sent(() => device.tell('save', { model, values: { text } }));
    const has = (text) => (record) => record?.text === text;

    // What the device reports of a mutation that the server refuses; DataStore does not say that its outbox is empty then.
    async function refused(device, action) {
      const from = device.events.length;
      await action();
      return device.happens(({ event }) => event === 'error', 'the refusal', from);
    }

    test('a sync brings own records only', async () => {
      for (const name of ['ann', 'ben']) {
        const { data, errors } = await as(name, `mutation ($text: String!) {
          note: createNote(input: { text: $text }) { id } notice: createNotice(input: { text: $text }) { id } plan: createPlan(input: { text: $text }) { id owner }
        }`, { text: `first of ${name}` });
        assert.equal(errors, undefined);
        assert.equal(data.plan.owner, name);
      }
      [ann, ann2, ben] = await Promise.all(['ann', 'ann', 'ben'].map(make));
      await Promise.all([ann, ann2, ben].map((device) => device.ready()));
      // What subscriptions bring makes no other event that sees() could wait for.
      await Promise.all([ann, ann2, ben].flatMap((device) => ['Note', 'Notice', 'Plan'].map((model) => device.tell('observe', { model }))));
      assert.deepEqual(await texts(ann, 'Note'), ['first of ann']);
      assert.deepEqual(await texts(ben, 'Note'), ['first of ben']);
      assert.deepEqual(await texts(ben, 'Notice'), ['first of ann', 'first of ben']);
      assert.deepEqual(await texts(ann, 'Plan'), ['first of ann']);
      assert.deepEqual(await texts(ben, 'Plan'), ['first of ann', 'first of ben']);
    });

    test('subscriptions bring own records only', async () => {
      const note = await save(ann, 'Note', 'second of ann');
      const plan = await save(ann, 'Plan', 'planned by ann');
      await ann2.sees('Note', note.id, has('second of ann'), 'the note of the same user');
      await ben.sees('Plan', plan.id, has('planned by ann'), 'the plan that came after it');
      assert.deepEqual(await texts(ben, 'Note'), ['first of ben']);
      await save(ben, 'Plan', 'planned by ben');
      const last = await save(ben, 'Note', 'second of ben');
      const other = await save(ann, 'Note', 'third of ann');
      await ann2.sees('Note', other.id, has('third of ann'), 'what came after it');
      assert.equal(await ann2.tell('query', { model: 'Note', id: last.id }), null);
      assert.deepEqual(await texts(ann2, 'Plan'), ['first of ann', 'planned by ann']);
    });

    test('what an owner changes and deletes reaches his other device', async () => {
      const note = await save(ann, 'Note', 'to be changed');
      await ann2.sees('Note', note.id, has('to be changed'), 'the note');
      await ann2.sent(() => ann2.tell('update', { model: 'Note', id: note.id, values: { text: 'changed' } }));
      await ann.sees('Note', note.id, has('changed'), 'the change');
      await ann.sent(() => ann.tell('remove', { model: 'Note', id: note.id }));
      await ann2.sees('Note', note.id, (record) => record === null, 'no note');
    });

    test('a member of the group changes what he does not own', async () => {
      const plan = await save(ann, 'Plan', 'draft');
      await ben.sees('Plan', plan.id, has('draft'), 'the plan');
      await ben.sent(() => ben.tell('update', { model: 'Plan', id: plan.id, values: { text: 'approved' } }));
      const seen = await ann.sees('Plan', plan.id, has('approved'), 'the approval');
      assert.equal(seen.owner, 'ann');
    });

    test('who may not write learns it from the errorHandler, and the record stays', async () => {
      assert.deepEqual([ann, ann2, ben].flatMap((device) => device.errors()), []);
      const [{ id }] = (await ben.tell('all', { model: 'Notice' })).filter(has('first of ann'));
      const update = await refused(ben, () => ben.tell('update', { model: 'Notice', id, values: { text: 'not his' } }));
      const removal = await refused(ben, () => ben.tell('remove', { model: 'Notice', id }));
      for (const { model, type, message } of [update, removal])
        assert.deepEqual({ model, type, message }, { model: 'Notice', type: 'Unauthorized', message: 'Unauthorized' });
      const { data } = await as('ann', 'query ($id: ID!) { getNotice(id: $id) { text _version _deleted } }', { id });
      assert.deepEqual(data.getNotice, { text: 'first of ann', _version: 1, _deleted: null });
    });

    test('later changes go out after a refusal', async () => {
      const note = await save(ben, 'Notice', 'after the refusal');
      await ann.sees('Notice', note.id, has('after the refusal'), 'what was saved after the refusal');
    });
  });
}
