// SPDX-License-Identifier: MIT
// Lists, index queries, syncs and filters on a running server, against graphql-js over the same records with resolvers of a few lines.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { buildClientSchema, execute, getIntrospectionQuery, getNamedType, parse, print, validate } from 'graphql';

import { DocumentMaker, Random } from './documents.mjs';
import { Server } from './parties.mjs';
import { cut, page } from './records.mjs';

const count = 150;
const documents = Number(process.env.TIDELINE_DOCUMENTS ?? 500);
const random = new Random(7);
const pools = {
  shop: ['north', 'south'],
  name: ['a', 'A', 'ab', 'b', 'ä', '😀', '%', 'a_b', '', 'Z'],
  number: [-1, 0, 2, 10, 9],
  kind: ['x', 'y'],
  weight: [-0.5, 0, 1, 2.5, 10, 1e21],
  size: ['small', 'Large'],
  day: ['2024-01-31', '2024-02-01', '1999-12-31'],
  stamp: [0, 5, 1700000000],
  open: [true, false],
  tags: [['a'], [], ['a', 'b'], ['😀', null]],
};
const nullable = ['stamp', 'open', 'tags', 'size'];

let folder;
let server;
let schema;
let records = [];                               // in the order of their last change
const tokens = new Map();                       // what the server's tokens mean

const everything = `shop name number kind weight size day stamp open tags place { aisle shelf } createdAt updatedAt
  _version _deleted _lastChangedAt`;
const sameKey = (a, b) => a.shop === b.shop && a.name === b.name && a.number === b.number;

async function changed(verb, input) {
  const data = await server.graphql(`mutation ($input: ${verb}ItemInput!) { item: ${verb.toLowerCase()}Item(input: $input) { ${everything} } }`, { input });
  records = [...records.filter((record) => !sameKey(record, data.item)), data.item];
}

function input() {
  const values = Object.fromEntries(Object.entries(pools).map(([name, pool]) =>
    [name, nullable.includes(name) && random.chance(0.3) ? null : random.pick(pool)]));
  return { ...values, place: random.chance(0.5) ? { aisle: random.pick(pools.name), shelf: null } : null };
}

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tideline-queries-'));
  server = new Server({
    tool: process.env.TIDELINE_TOOL, schema: fileURLToPath(new URL('operations.graphql', import.meta.url)),
    database: join(folder, 'queries.db'), apiKey: 'da2-queries',
  });
  await server.start();
  schema = buildClientSchema(await server.graphql(getIntrospectionQuery()));
  while (records.length < Math.min(count, pools.shop.length * pools.name.length * pools.number.length)) {
    const fresh = input();
    if (!records.some((record) => sameKey(record, fresh))) await changed('Create', fresh);
    if (random.chance(0.2)) await changed('Update', updateOf(random.pick(records.filter(({ _deleted }) => !_deleted))));
    if (records.length > 5 && random.chance(0.1)) {
      const { shop, name, number, _version } = random.pick(records.filter(({ _deleted }) => !_deleted));
      await changed('Delete', { shop, name, number, _version });
    }
  }
});

after(async () => {
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
});

function updateOf({ shop, name, number, _version }) {
  return { ...input(), shop, name, number, _version };
}

// ---- the questions ----

function operand(field, operator, type) {
  const pool = (pools[field] ?? [records[0]?.[field] ?? 'x']).flat();
  const value = () => random.pick(pool.filter((entry) => entry !== null));
  switch (operator) {
    case 'eq': case 'ne': return random.chance(0.1) ? null : value();
    case 'between': return [value(), value()].sort((a, b) => (a < b ? -1 : Number(a > b)));     // else refused, as by DynamoDB
    case 'attributeExists': return random.chance(0.5);
    case 'attributeType': return random.pick(type.getValues()).name;
    case 'size': return { [random.pick(['eq', 'ne', 'lt', 'ge'])]: random.int(4), ...(random.chance(0.2) ? { between: [0, 2] } : {}) };
    default: return value();
  }
}

function filter(depth) {
  const type = schema.getType('ModelItemFilterInput');
  const members = random.some(Object.values(type.getFields()), 2).map(({ name }) => {
    if (name === 'and' || name === 'or') return [name, depth > 2 ? [] : Array.from({ length: random.int(3) }, () => filter(depth + 1))];
    if (name === 'not') return [name, depth > 2 ? null : filter(depth + 1)];
    return [name, condition(name, getNamedType(type.getFields()[name].type))];
  });
  return Object.fromEntries(members);
}

function condition(field, type) {
  if (field === '_deleted') return random.pick([{ eq: true }, { ne: true }, { attributeExists: false }]);
  return Object.fromEntries(random.some(Object.values(type.getFields()), 2).map(({ name, type: of }) => [name, operand(field, name, getNamedType(of))]));
}

function keyCondition(sortFields) {
  const operator = random.pick(['eq', 'le', 'lt', 'ge', 'gt', 'between', 'beginsWith']);
  if (sortFields.length === 1) return { [operator]: operand(sortFields[0], operator) ?? random.pick(pools[sortFields[0]]) };
  const tuple = () => {
    const given = operator === 'beginsWith' ? sortFields.filter((name) => typeof pools[name][0] === 'string') : sortFields;
    const size = operator === 'beginsWith' ? sortFields.indexOf(given[0]) + 1 : 1 + random.int(sortFields.length);
    return Object.fromEntries(sortFields.slice(0, size).map((name) => [name, random.pick(pools[name])]));
  };
  return { [operator]: operator === 'between' ? [tuple(), tuple()] : tuple() };
}

const key = ['shop', 'name', 'number'];
const asked = {
  listItems: { partition: 'shop', sortFields: ['name', 'number'], argument: 'nameNumber', optional: true },
  itemsOfKind: { partition: 'kind', sortFields: ['weight', 'name'], argument: 'weightName', rest: ['shop', 'number'] },
  itemsOfSize: { partition: 'size', sortFields: ['day'], argument: 'day', rest: key },
  syncItems: {},
};

function argumentsOf(field) {
  const { partition, sortFields, argument, optional } = asked[field];
  const args = { limit: random.pick([null, 1, 7, 40, 1000]), filter: random.chance(0.7) ? filter(0) : null };
  if (!partition) return args;
  if (!optional || random.chance(0.7)) {
    args[partition] = random.pick(pools[partition]);
    if (random.chance(0.7)) args[argument] = keyCondition(sortFields);
    args.sortDirection = random.pick([null, 'ASC', 'DESC']);
  }
  return args;
}

// An equality on the first field of a key or index decides what a sync looks at, and so where its pages end.
function scope(filter) {
  for (const [name, condition] of Object.entries(filter ?? {})) {
    if (name === 'and') for (const member of condition ?? []) { const found = scope(member); if (found) return found; }
    if (['shop', 'kind', 'size'].includes(name) && condition?.eq != null) return (record) => record[name] === condition.eq;
  }
  return null;
}

let lastNext;
const resolvers = Object.fromEntries(Object.entries(asked).map(([field, how]) => [field, (args) => {
  const offset = tokens.get(args.nextToken) ?? 0;
  const { items, next } = field === 'syncItems' ? cut(records.filter(scope(args.filter) ?? (() => true)), args, offset)
    : page(records, args, how, offset);
  lastNext = next;
  return { items, nextToken: next === null ? null : 'more' };
}]));

// One operation of one to three root fields with all their arguments in variables.
function question() {
  const maker = new DocumentMaker(schema, random);
  Object.assign(maker, { fragments: [], names: 0, definitions: [], budget: 30, directives: () => [] });
  const roots = Array.from({ length: 1 + random.int(3) }, (_, i) => {
    const field = schema.getQueryType().getFields()[random.pick(Object.keys(asked))];
    const given = argumentsOf(field.name);
    const selection = print(maker.selectionSet(schema.getType('Item'), 1));
    const args = field.args.map((arg) => ({ ...arg, variable: `a${i}${arg.name}` }));
    return { field, given, args, alias: `r${i}`, selection };
  });
  const definitions = roots.flatMap(({ args }) => args.map(({ variable, type }) => `$${variable}: ${type}`));
  const text = roots.map(({ field, args, alias, selection }) =>
    `${alias}: ${field.name}(${args.map(({ name, variable }) => `${name}: $${variable}`).join(', ')}) { items ${selection} nextToken }`);
  const variables = Object.fromEntries(roots.flatMap(({ args, given }) =>
    args.filter(({ name }) => given[name] !== undefined).map(({ name, variable }) => [variable, given[name]])));
  return { source: `query (${definitions.join(', ')}) { ${text.join(' ')} } ${maker.fragments.map((fragment) => print(fragment)).join(' ')}`, variables, roots };
}

// Tokens are the server's own; that there is one is what can be compared.
const veiled = (data) => JSON.parse(JSON.stringify(data, (name, value) => (name === 'nextToken' && value ? 'more' : value)));

test('generated queries are answered like plain records', async () => {
  let found = 0;
  let pages = 0;
  for (let i = 0; i < documents; ++i) {
    let { source, variables, roots } = question();
    const document = parse(source);
    if (validate(schema, document).length) continue;                      // the selections may conflict
    for (let more = true; more;) {
      const expected = execute({ schema, document, rootValue: resolvers, variableValues: variables });
      const answer = await server.answer(source, variables);
      const what = `question ${i}:\n${source}\n${JSON.stringify(variables)}\n${JSON.stringify(answer.errors)}`;
      assert.deepEqual(answer.errors, undefined, what);
      assert.deepEqual(veiled(answer.data), veiled(expected.data), what);
      found += Object.values(answer.data).reduce((sum, { items }) => sum + (items?.length ?? 0), 0);
      ++pages;
      more = roots.length === 1 && answer.data.r0.nextToken !== null;
      if (more) {
        tokens.set(answer.data.r0.nextToken, lastNext);
        variables = { ...variables, a0nextToken: answer.data.r0.nextToken };
      }
    }
  }
  assert.ok(found > documents, `only ${found} records were found`);
  assert.ok(pages > documents, `only ${pages} pages were read`);
});
