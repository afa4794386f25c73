// SPDX-License-Identifier: MIT
// graphql-js as oracle: valid generated documents over random data are answered as it answers them, errors and their paths included.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';

import {
  buildClientSchema, execute, getIntrospectionQuery, getNamedType, isAbstractType, isCompositeType, isEnumType, isListType, isNonNullType,
  lexicographicSortSchema, parse, printSchema,
} from 'graphql';

import { DocumentMaker, Random, VariableMaker } from './documents.mjs';
import { Oracle, fixture, fixtureNames, graphqlJsSchema, validTexts, verdictOf } from './oracle.mjs';

const documents = Number(process.env.TIDELINE_DOCUMENTS ?? 400);        // for each schema
const seed = Number(process.env.TIDELINE_SEED ?? 1);

let oracle;
before(() => { oracle = new Oracle(); });
after(() => oracle.stop());

// Data that comes into being where graphql-js looks; what it did not look at, no answer depends on.
class Data {
  constructor(schema, random) { Object.assign(this, { schema, random, root: {} }); }

  resolve(source, args, info) {
    const { fieldName } = info;
    if (source.shown?.[fieldName] !== undefined) return source.shown[fieldName];
    if (!Object.hasOwn(source.data, fieldName)) source.data[fieldName] = this.make(info.returnType);
    return this.given(source.data[fieldName], args);
  }

  given(value, args) {
    if (Array.isArray(value)) return value.map((item) => this.item(item, args));
    if (value?.$error) throw new Error(value.$error);
    return value?.__typename ? { __typename: value.__typename, data: value, shown: shownIn(value, args) } : value;
  }

  item(value, args) {
    return value?.$error ? new Error(value.$error) : this.given(value, args);
  }

  make(type) {
    if (isNonNullType(type)) return this.random.chance(0.03) ? this.fault() : this.present(type.ofType);
    return this.random.chance(0.12) ? this.fault() : this.present(type);
  }

  fault() { return this.random.chance(0.4) ? { $error: 'broken on purpose' } : null; }

  present(type) {
    if (isListType(type)) return this.list(type.ofType);
    if (isCompositeType(type)) return this.object(type);
    if (isEnumType(type)) return this.random.pick(type.getValues()).name;
    switch (type.name) {
      case 'Int': case 'AWSTimestamp': return this.random.int(100);
      case 'Float': return this.random.pick([0.5, 3, -2.25]);
      case 'Boolean': return this.random.chance(0.5);
      default: return this.random.pick(validTexts[type.name] ?? ['', 'text', '"ä"\n']);
    }
  }

  list(type) {
    const isLeaf = !isCompositeType(getNamedType(type));
    if (isLeaf && this.random.chance(0.03)) return 5;               // no list at all
    return Array.from({ length: this.random.int(4) }, () => {
      const item = this.make(type);
      return isLeaf && item?.$error ? null : item;
    });
  }

  object(type) {
    const concrete = isAbstractType(type) ? this.random.pick(this.schema.getPossibleTypes(type)) : type;
    const text = Object.values(concrete.getFields()).find((field) => !field.args.length
      && ['String', 'ID'].includes(getNamedType(field.type).name) && !isListType(isNonNullType(field.type) ? field.type.ofType : field.type));
    return { __typename: concrete.name, ...(text ? { $args: text.name } : {}) };
  }
}

function shownIn(value, args) {
  return value.$args ? { [value.$args]: JSON.stringify(args) } : undefined;
}

// Only the first place: of a field that is selected several times AppSync names one, graphql-js all.
const plain = (errors) => (errors ?? []).map(({ message, locations, path }) => ({
  message, location: locations?.[0] ?? null, path: path ?? null,
}));

async function agrees(schema, firstState) {
  const random = new Random(firstState);
  const maker = new DocumentMaker(schema, random);
  const variableMaker = new VariableMaker(schema, random);
  const cases = [];
  while (cases.length < documents) {
    const { source, operation } = maker.make();
    const document = parse(source);
    if (verdictOf(schema, document)?.length !== 0) continue;
    const variables = variableMaker.make(operation);
    const data = new Data(schema, random);
    const operationName = operation.name?.value;
    const expected = execute({
      schema, document, operationName, variableValues: variables, rootValue: { data: data.root },
      fieldResolver: (from, args, context, info) => data.resolve(from, args, info),
    });
    cases.push({ source, variables, operationName, root: data.root, expected });
  }
  const answers = await Promise.all(cases.map(({ expected, ...question }) => oracle.ask(question)));
  for (const [i, { source, variables, root, expected }] of cases.entries()) {
    const what = `document ${i} of seed ${firstState}:\n${source}\nvariables ${JSON.stringify(variables)}\ndata ${JSON.stringify(root)}`;
    assert.deepEqual(plain(answers[i].errors), plain(expected.errors), what);
    assert.equal(JSON.stringify(answers[i].data), JSON.stringify(expected.data), what);
  }
  const answered = cases.filter(({ expected }) => expected.data).length;
  assert.ok(answered > documents / 2, `only ${answered} documents were answered`);
}

async function describesItself(sdl) {
  const { data } = await oracle.ask({ source: getIntrospectionQuery({ specifiedByUrl: true, directiveIsRepeatable: true, inputValueDeprecation: true }), root: {} });
  const printed = (schema) => printSchema(lexicographicSortSchema(schema));
  assert.equal(printed(buildClientSchema(data)), printed(await graphqlJsSchema(sdl)));
}

test('documents over a schema with every kind of type', async () => {
  const sdl = fixture('graphql/semantic.schema.graphql');
  await oracle.use({ sdl });
  await agrees(await graphqlJsSchema(sdl), seed);
  await describesItself(sdl);
});

for (const [i, name] of fixtureNames.entries()) {
  test(`documents over the schema made from the models of "${name}"`, async () => {
    const sdl = await oracle.use({ models: fixture(`schema/${name}/input.graphql`) });
    await agrees(await graphqlJsSchema(sdl), seed + 100 + i);
  });

  test(`introspection of "${name}" describes AWS's schema`, async () => {
    await oracle.use({ models: fixture(`schema/${name}/input.graphql`) });
    await describesItself(fixture(`schema/${name}/appsync.graphql`));
  });
}
