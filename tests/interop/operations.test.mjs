// SPDX-License-Identifier: MIT
// Every root field of every fixture schema, asked with all of its arguments and a full selection, on a running server.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

import {
  Kind, buildClientSchema, getIntrospectionQuery, getNamedType, isCompositeType, isEnumType, isInputObjectType, isLeafType,
  isListType, isNonNullType, parse, print, typeFromAST, validate,
} from 'graphql';

import { fixture, fixtureNames, validTexts } from './oracle.mjs';
import { Server } from './parties.mjs';
import { RealtimeClient } from './realtime.mjs';

const nesting = 4;                              // of relations in a full selection
const metadata = ['_version', '_deleted', '_lastChangedAt'];
const key = 'da2-operations';

// All records have the same key, so that every relation leads somewhere.
class Values {
  constructor(text, number) { Object.assign(this, { text, number }); }

  of(type, depth = 0) {
    if (isNonNullType(type)) return this.of(type.ofType, depth);
    if (isListType(type)) return depth > 3 ? [] : [this.of(type.ofType, depth + 1)];
    if (isEnumType(type)) return type.getValues()[0].name;
    if (isInputObjectType(type)) return this.object(type, depth);
    switch (type.name) {
      case 'Int': case 'AWSTimestamp': return this.number;
      case 'Float': return this.number + 0.5;
      case 'Boolean': return true;
      default: return validTexts[type.name]?.[0] ?? this.text;
    }
  }

  object(type, depth) {
    const fields = Object.values(type.getFields()).filter(({ name }) => !metadata.includes(name));
    return Object.fromEntries(fields.map((field) => [field.name, this.of(field.type, depth + 1)]));
  }
}

// The fields of `type` as text; arguments of relations become variables, which collect in `variables`.
function selectionOf(type, depth, variables) {
  const fields = Object.values(type.getFields()).map((field) => {
    const named = getNamedType(field.type);
    if (isLeafType(named)) return field.name;
    const isRelation = Object.values(named.getFields()).some(({ name }) => name === 'items' || name === '_version');
    if (isRelation && depth === 0) return '';
    const args = field.args.map((arg) => {
      const name = `v${variables.length}`;
      variables.push({ name, type: arg.type });
      return `${arg.name}: $${name}`;
    });
    const list = args.length ? `(${args.join(', ')})` : '';
    return `${field.name}${list} { ${selectionOf(named, isRelation ? depth - 1 : depth, variables)} }`;
  });
  return ['__typename', ...fields].join(' ');
}

function documentFor(operation, field, depth = nesting) {
  const variables = field.args.map((arg) => ({ name: arg.name, type: arg.type }));
  const args = field.args.length ? `(${field.args.map(({ name }) => `${name}: $${name}`).join(', ')})` : '';
  const named = getNamedType(field.type);
  const selection = isCompositeType(named) ? ` { ${selectionOf(named, depth, variables)} }` : '';
  const definitions = variables.map(({ name, type }) => `$${name}: ${type}`);
  return `${operation} operation${definitions.length ? `(${definitions.join(', ')})` : ''} { ${field.name}${args}${selection} }`;
}

// Without the names of types.
const plain = (value) => JSON.parse(JSON.stringify(value, (name, member) => (name === '__typename' ? undefined : member)));

// Whether a value is what the selection and the type promise, keys in the order of the selection.
function checkShape(value, type, selectionSet, path) {
  if (isNonNullType(type)) {
    assert.notEqual(value, null, `${path} is null`);
    return checkShape(value, type.ofType, selectionSet, path);
  }
  if (value === null) return undefined;
  if (isListType(type)) {
    assert.ok(Array.isArray(value), `${path} is no list`);
    return value.forEach((item, i) => checkShape(item, type.ofType, selectionSet, `${path}[${i}]`));
  }
  if (isLeafType(type)) return checkLeaf(value, type, path);
  assert.deepEqual(Object.keys(value), selectionSet.selections.map(({ name }) => name.value), `the keys of ${path}`);
  for (const { name, selectionSet: inner } of selectionSet.selections) {
    if (name.value === '__typename') assert.equal(value.__typename, type.name, path);
    else checkShape(value[name.value], type.getFields()[name.value].type, inner, `${path}.${name.value}`);
  }
  return undefined;
}

// The model type a root field is about.
function modelOf(field) {
  return getNamedType(getNamedType(field.type).getFields().items?.type ?? field.type).name;
}

function checkLeaf(value, type, path) {
  const fits = isEnumType(type) ? type.getValue(value)
    : ['Int', 'AWSTimestamp'].includes(type.name) ? Number.isInteger(value)
      : type.name === 'Float' ? typeof value === 'number' : type.name === 'Boolean' ? typeof value === 'boolean' : typeof value === 'string';
  assert.ok(fits, `${path} is ${JSON.stringify(value)}, no ${type}`);
}

class Service {
  async start(models) {
    this.folder = await mkdtemp(join(tmpdir(), 'tideline-operations-'));
    this.server = new Server({
      tool: process.env.TIDELINE_TOOL, schema: join(process.env.TIDELINE_SHARED_DIR, 'fixtures', 'schema', models, 'input.graphql'),
      database: join(this.folder, 'operations.db'), apiKey: key,
    });
    await this.server.start();
    this.schema = buildClientSchema((await this.server.answer(getIntrospectionQuery())).data);
  }

  async stop() {
    await this.server?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  fields(operation) {
    const type = { query: this.schema.getQueryType(), mutation: this.schema.getMutationType(), subscription: this.schema.getSubscriptionType() };
    return Object.values(type[operation].getFields());
  }

  // Fields that make, change or remove a record, told by their input.
  mutations(verb) {
    return this.fields('mutation').filter(({ args }) => getNamedType(args[0].type).name.startsWith(verb));
  }

  async run(document, variables) {
    const ast = parse(document);
    assert.deepEqual(validate(this.schema, ast), [], document);
    const response = await this.server.answer(document, variables);
    const [operation] = ast.definitions;
    const type = this.schema.getRootType(operation.operation);
    const [field] = operation.selectionSet.selections;
    if (isRefusal(response, field.name.value)) return { refused: true };
    assert.equal(response.errors, undefined, `${document}\n${JSON.stringify(variables)}\n${JSON.stringify(response.errors)}`);
    checkShape(response.data, type, operation.selectionSet, operation.operation);
    return { value: response.data[field.name.value] };
  }

  // Values for the variables of a document; `given` wins.
  variables(document, values, given = {}) {
    const [{ variableDefinitions }] = parse(document).definitions;
    return Object.fromEntries(variableDefinitions.map(({ variable: { name: { value: name } }, type }) => {
      if (name in given) return [name, given[name]];
      const known = typeFromAST(this.schema, type);
      return [name, variableValue(name, known, values)];
    }));
  }
}

// What an API key may not do is refused as one error of AppSync's kind; only the schema "auth" has such models.
function isRefusal({ data, errors }, field) {
  return errors?.length > 0 && errors.every(({ errorType }) => errorType === 'Unauthorized')
    && (data === null || data[field] === null || errors.every(({ path }) => path.length > 1));
}

// Arguments that choose records choose those that `values` made; key conditions begin as "eq".
function variableValue(name, type, values) {
  const named = getNamedType(type);
  if (name === 'nextToken' || name === 'lastSync' || name === 'condition') return null;
  if (name === 'limit') return 10;
  if (named.name === 'ModelSortDirection') return 'ASC';
  if (named.name.endsWith('KeyConditionInput')) return { eq: values.of(named.getFields().eq.type) };
  if (isInputObjectType(named) && !['input'].includes(name)) return filterFor(named, values);
  return named.name === 'String' && /^v\d+$/.test(name) ? null : isLeafType(named) && /^v\d+$/.test(name) ? 10 : values.of(type);
}

// A filter that names every field with one of its operators, and holds for no reason but that one of them does.
function filterFor(type, values) {
  const fields = Object.values(type.getFields()).filter(({ type: of }) => getNamedType(of).name.match(/^Model\w+Input$/) && getNamedType(of) !== type);
  return fields.length ? { or: fields.map((field) => ({ [field.name]: operatorFor(getNamedType(field.type), values) })) } : null;
}

// The same variables with at most ten alternatives in the filter, as many as a subscription may have, until each was in one.
function inTens(variables) {
  const alternatives = variables.filter?.or ?? [];
  if (alternatives.length <= 10) return [variables];
  return Array.from({ length: Math.ceil(alternatives.length / 10) },
    (_, i) => ({ ...variables, filter: { or: alternatives.slice(i * 10, i * 10 + 10) } }));
}

function operatorFor(type, values) {
  const { eq, attributeExists } = type.getFields();
  return attributeExists ? { attributeExists: true } : { eq: values.of(eq.type) };
}

for (const models of fixtureNames) {
  describe(`every root field of "${models}"`, () => {
    const service = new Service();
    let realtime;
    const subscribed = [];
    const refused = new Set();
    const first = new Values('one', 1);

    before(async () => {
      await service.start(models);
      realtime = new RealtimeClient(service.server);
      await realtime.ready();
    });
    after(async () => {
      realtime?.close();
      await service.stop();
    });

    test('subscriptions start', async () => {
      for (const field of service.fields('subscription')) {
        const document = documentFor('subscription', field, 0);
        assert.deepEqual(validate(service.schema, parse(document)), [], document);
        for (const [i, variables] of inTens(service.variables(document, first, { owner: null })).entries()) {
          const { type, payload } = await realtime.subscribe(i ? `${field.name} ${i}` : field.name, document, variables);
          if (type !== 'start_ack') assert.equal(payload.errors[0].errorType, 'Unauthorized', JSON.stringify(payload));
          else if (i === 0) subscribed.push(field);
        }
      }
      assert.ok(subscribed.length > 0);
    });

    test('the recorded subscriptions start', async () => {
      for (const definition of parse(fixture(`schema/${models}/statements.subscriptions.graphql`)).definitions) {
        const document = print(definition);
        assert.deepEqual(validate(service.schema, parse(document)), [], document);
        for (const [i, variables] of inTens(service.variables(document, first, { owner: null })).entries()) {
          const { type, payload } = await realtime.subscribe(`${definition.name.value} ${i}`, document, variables);
          assert.ok(type === 'start_ack' || payload.errors[0].errorType === 'Unauthorized', JSON.stringify(payload));
        }
      }
    });

    test('creates', async () => {
      for (const field of service.mutations('Create')) {
        const document = documentFor('mutation', field, 0);
        const variables = service.variables(document, first);
        const { value, refused: isRefused } = await service.run(document, variables);
        if (isRefused) refused.add(getNamedType(field.type).name);
        else for (const [name, given] of Object.entries(variables.input)) assert.deepEqual(plain(value[name]), given, `${field.name} ${name}`);
      }
    });

    test('queries with every argument', async () => {
      for (const field of service.fields('query')) {
        const document = documentFor('query', field);
        const { value, refused: isRefused } = await service.run(document, service.variables(document, first));
        if (isRefused || refused.has(modelOf(field))) continue;
        assert.ok(value, `${field.name} found nothing`);
        if (value.items) assert.equal(value.items.length, 1, `${field.name} found ${value.items.length} records`);
      }
    });

    test('key conditions of every kind', async () => {
      for (const field of service.fields('query')) {
        const sortKey = field.args.find(({ type }) => getNamedType(type).name.endsWith('KeyConditionInput'));
        if (!sortKey) continue;
        const document = documentFor('query', field, 1);
        for (const operator of Object.values(getNamedType(sortKey.type).getFields())) {
          const given = { [sortKey.name]: { [operator.name]: isListType(operator.type) ? [first.of(operator.type.ofType), first.of(operator.type.ofType)] : first.of(operator.type) } };
          const { value } = await service.run(document, service.variables(document, first, { ...given, filter: null }));
          const expected = ['lt', 'gt'].includes(operator.name) ? 0 : 1;
          assert.equal(value.items.length, expected, `${field.name} ${operator.name}`);
        }
      }
    });

    test('the recorded statements', async () => {
      const second = new Values('two', 2);
      for (const kind of ['mutations', 'queries']) {
        for (const definition of parse(fixture(`schema/${models}/statements.${kind}.graphql`)).definitions) {
          const [{ name }] = definition.selectionSet.selections;
          if (/^(update|delete|change|drop)/.test(name.value)) continue;      // need a version: below
          const document = print(definition);
          const { value, refused: isRefused } = await service.run(document, service.variables(document, second));
          const field = service.schema.getRootType(definition.operation).getFields()[name.value];
          assert.ok(isRefused || value || refused.has(modelOf(field)), document);
        }
      }
    });

    test('updates and deletes with conditions', async () => {
      for (const verb of ['Update', 'Delete']) {
        for (const field of service.mutations(verb)) {
          const document = documentFor('mutation', field, 0);
          const inputType = getNamedType(field.args[0].type);
          const _version = verb === 'Update' ? 1 : 2;
          const input = { ...first.of(inputType), _version };
          const conditionType = getNamedType(field.args.find(({ name }) => name === 'condition').type);
          const holds = filterFor(conditionType, first);
          const wrong = await service.server.answer(document, { input, condition: { not: holds } });
          if (isRefusal(wrong, field.name)) continue;
          assert.equal(wrong.errors?.[0].errorType, 'ConditionalCheckFailedException', `${field.name} ${JSON.stringify(wrong)}`);
          const { value, refused: isRefused } = await service.run(document, { input, condition: holds });
          if (isRefused) continue;
          assert.equal(value._version, _version + 1, field.name);
          assert.equal(value._deleted, verb === 'Delete' ? true : null, field.name);
        }
      }
    });

    test('subscriptions got what was changed', async () => {
      for (const field of subscribed) {
        if (refused.has(modelOf(field))) continue;
        const { data } = await realtime.payload(field.name);
        const [operation] = parse(documentFor('subscription', field, 0)).definitions;
        checkShape(data, service.schema.getSubscriptionType(), operation.selectionSet, 'subscription');
        assert.ok(data[field.name], field.name);
      }
    });
  });
}
