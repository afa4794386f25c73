// SPDX-License-Identifier: MIT
// Mistakes put into documents, one kind for each thing that validation looks at.
import { Kind, isTypeSystemDefinitionNode, isTypeSystemExtensionNode, parse, print, visit } from 'graphql';

const name = (value) => ({ kind: Kind.NAME, value });
const argument = (key, value) => ({ kind: Kind.ARGUMENT, name: name(key), value });
const directive = (key, ...args) => ({ kind: Kind.DIRECTIVE, name: name(key), arguments: args });
const truth = { kind: Kind.BOOLEAN, value: true };

export class Mutator {
  constructor(schema, random) {
    this.schema = schema;
    this.random = random;
    this.typeNames = [...Object.keys(schema.getTypeMap()), 'Nope'];
  }

  // The text of a document like `source` with one to three mistakes in it, or by luck without any.
  mutate(source) {
    const ast = structuredClone(parse(source, { noLocation: true }));
    for (let n = 1 + this.random.int(3); n > 0; --n) {
      this.nodes = {};
      visit(ast, {
        enter: (node) => {
          if (isTypeSystemDefinitionNode(node) || isTypeSystemExtensionNode(node)) return false;    // these are wrong as a whole
          (this.nodes[node.kind] ??= []).push(node);
        },
      });
      this.random.pick(mistakes).call(this, ast);
    }
    return this.laidOut(print(ast));
  }

  one(...kinds) {
    const all = kinds.flatMap((kind) => this.nodes[kind] ?? []);
    return all.length ? this.random.pick(all) : null;
  }

  misspelt(text) {
    const at = this.random.int(text.length);
    return this.random.pick([text + text.at(-1), text.slice(0, -1) || 'a', text.slice(0, at) + 'x' + text.slice(at + 1),
      text.toLowerCase(), text.toUpperCase(), 'nope']);
  }

  rename(...kinds) {
    const node = this.one(...kinds);
    if (!node?.name) return;
    const other = this.one(...kinds);
    node.name = name(this.random.chance(0.5) ? this.misspelt(node.name.value) : other.name?.value ?? 'x');
  }

  literal() {
    const variable = this.one(Kind.VARIABLE)?.name.value ?? 'unknown';
    return this.random.pick([
      { kind: Kind.INT, value: this.random.pick(['7', '-3', '2147483648', '99999999999999999999']) },
      { kind: Kind.FLOAT, value: this.random.pick(['1.5', '1e3', '-0.25E-2']) },
      { kind: Kind.STRING, value: this.random.pick(['text', 'bad!', '"\\\u0007é', 'red']), block: this.random.chance(0.3) },
      { kind: Kind.ENUM, value: this.random.pick(['ASC', 'asc', 'SMALL', 'smal', 'red', 'GREENS', 'Nothing']) },
      { ...truth }, { kind: Kind.NULL }, { kind: Kind.VARIABLE, name: name(variable) },
      { kind: Kind.LIST, values: [{ kind: Kind.INT, value: '1' }, { kind: Kind.NULL }] },
      { kind: Kind.OBJECT, fields: [{ kind: Kind.OBJECT_FIELD, name: name('eq'), value: { kind: Kind.STRING, value: 'x' } }] },
    ]);
  }

  // Line ends and indentation vary, so that places differ.
  laidOut(text) {
    if (this.random.chance(0.5)) return text;
    if (text.includes('"""')) return text;
    return text.replace(/\n */g, () => this.random.pick(['\n', '\r\n', ' ', '\n\t', ' , ', '\n# note\n', '\r']));
  }
}

const mistakes = [
  function renamed() { this.rename(Kind.FIELD); },
  function renamedAgain() { this.rename(Kind.FIELD); },
  function renamedArgument() { this.rename(Kind.ARGUMENT); },
  function renamedMember() { this.rename(Kind.OBJECT_FIELD); },
  function renamedSpread() { this.rename(Kind.FRAGMENT_SPREAD); },
  function renamedFragment() { this.rename(Kind.FRAGMENT_DEFINITION); },
  function renamedVariable() { this.rename(Kind.VARIABLE); },
  function renamedOperation() { this.rename(Kind.OPERATION_DEFINITION); },
  function otherType() {
    const node = this.one(Kind.NAMED_TYPE);
    if (node) node.name = name(this.random.chance(0.7) ? this.random.pick(this.typeNames) : this.misspelt(node.name.value));
  },
  function noSelection() {
    const node = this.one(Kind.FIELD);
    if (node) delete node.selectionSet;
  },
  function selectionOnALeaf() {
    const node = this.one(Kind.FIELD);
    if (node && !node.selectionSet)
      node.selectionSet = { kind: Kind.SELECTION_SET, selections: [{ kind: Kind.FIELD, name: name('id') }] };
  },
  function otherValue() {
    const node = this.one(Kind.ARGUMENT, Kind.OBJECT_FIELD);
    if (node) node.value = this.literal();
  },
  function otherItem() {
    const node = this.one(Kind.LIST);
    if (node) node.values = [...node.values, this.literal()];
  },
  function otherDefault() {
    const node = this.one(Kind.VARIABLE_DEFINITION);
    if (!node) return;
    const value = this.literal();
    node.defaultValue = value.kind === Kind.VARIABLE || this.random.chance(0.2) ? undefined : value;
  },
  function missing() {
    const node = this.one(Kind.FIELD, Kind.DIRECTIVE, Kind.OBJECT);
    const list = node?.arguments ?? node?.fields;
    if (list?.length) list.splice(this.random.int(list.length), 1);
  },
  function repeated() {
    const node = this.one(Kind.FIELD, Kind.DIRECTIVE, Kind.OBJECT);
    const list = node?.arguments ?? node?.fields;
    if (list?.length) list.push({ ...this.random.pick(list) });
  },
  function strayArgument() {
    const node = this.one(Kind.FIELD);
    if (node) node.arguments = [...(node.arguments ?? []), argument(this.random.pick(['limit', 'filters', 'id', 'input']), this.literal())];
  },
  function strayMember() {
    const node = this.one(Kind.OBJECT);
    const key = this.random.pick(['eq', 'between', 'id', 'ids', 'and', 'tag']);
    if (node) node.fields.push({ kind: Kind.OBJECT_FIELD, name: name(key), value: this.literal() });
  },
  function strayDirective() {
    const node = this.one(Kind.FIELD, Kind.OPERATION_DEFINITION, Kind.INLINE_FRAGMENT, Kind.FRAGMENT_SPREAD,
      Kind.FRAGMENT_DEFINITION, Kind.VARIABLE_DEFINITION);
    const stray = this.random.pick([directive('skip'), directive('skip', argument('if', truth)), directive('include', argument('if', this.literal())),
      directive('include', argument('iff', truth)), directive('deprecated'), directive('nope'), directive('specifiedBy')]);
    if (node) node.directives = [...(node.directives ?? []), ...Array(1 + this.random.int(2)).fill(stray)];
  },
  function repeatedDefinition(ast) {
    const node = this.random.pick(ast.definitions);
    ast.definitions.push(structuredClone(node));
  },
  function anonymous(ast) {
    const node = this.one(Kind.OPERATION_DEFINITION);
    delete node.name;
    if (this.random.chance(0.4)) ast.definitions.push(...parse('query Other { __typename }', { noLocation: true }).definitions);
  },
  function repeatedVariable() {
    const node = this.one(Kind.OPERATION_DEFINITION);
    if (node.variableDefinitions?.length) node.variableDefinitions.push(structuredClone(this.random.pick(node.variableDefinitions)));
  },
  function unusedVariable() {
    const node = this.one(Kind.OPERATION_DEFINITION);
    const type = { kind: Kind.NAMED_TYPE, name: name(this.random.pick(this.typeNames)) };
    const variable = { kind: Kind.VARIABLE, name: name('unused') };
    node.variableDefinitions = [...(node.variableDefinitions ?? []), { kind: Kind.VARIABLE_DEFINITION, variable, type }];
  },
  function undefinedVariables() {
    const node = this.one(Kind.OPERATION_DEFINITION);
    if (node.variableDefinitions?.length) node.variableDefinitions.splice(this.random.int(node.variableDefinitions.length), 1);
  },
  function wrappedType() {
    const node = this.one(Kind.VARIABLE_DEFINITION);
    if (!node) return;
    const { type } = node;
    if (type.kind === Kind.NON_NULL_TYPE) node.type = type.type;
    else if (this.random.chance(0.5)) node.type = { kind: Kind.NON_NULL_TYPE, type };
    else node.type = type.kind === Kind.LIST_TYPE ? type.type : { kind: Kind.LIST_TYPE, type };
  },
  function strayInlineFragment() {
    const node = this.one(Kind.SELECTION_SET);
    const typeCondition = { kind: Kind.NAMED_TYPE, name: name(this.random.pick(this.typeNames)) };
    const selectionSet = structuredClone(this.one(Kind.SELECTION_SET));
    if (JSON.stringify(selectionSet).length < 2000) node.selections.push({ kind: Kind.INLINE_FRAGMENT, typeCondition, selectionSet });
  },
  function straySpread() {
    const node = this.one(Kind.SELECTION_SET);
    const target = this.one(Kind.FRAGMENT_DEFINITION);
    node.selections.push({ kind: Kind.FRAGMENT_SPREAD, name: name(target?.name.value ?? 'Nowhere') });
  },
  function movedIntoAFragment(ast) {
    const node = this.one(Kind.SELECTION_SET);
    const fragment = `Moved${ast.definitions.length}`;
    const typeCondition = { kind: Kind.NAMED_TYPE, name: name(this.random.pick(this.typeNames)) };
    ast.definitions.push({ kind: Kind.FRAGMENT_DEFINITION, name: name(fragment), typeCondition, selectionSet: { ...node } });
    if (this.random.chance(0.7)) node.selections = [{ kind: Kind.FRAGMENT_SPREAD, name: name(fragment) }, ...node.selections.slice(1)];
  },
  function aliasOfAnother() {
    const node = this.one(Kind.SELECTION_SET);
    const fields = node.selections.filter((selection) => selection.kind === Kind.FIELD);
    if (fields.length > 1) this.random.pick(fields).alias = name(this.random.pick(fields).name.value);
  },
  function copiedField() {
    const from = this.one(Kind.FIELD);
    const to = this.one(Kind.SELECTION_SET);
    if (JSON.stringify(from).length < 2000) to.selections.push(structuredClone(from));
  },
  function splitField() {
    const node = this.one(Kind.SELECTION_SET);
    const field = node.selections.find((selection) => selection.selectionSet && selection.kind === Kind.FIELD);
    if (!field || JSON.stringify(field).length > 2000) return;
    const copy = structuredClone(field);
    copy.selectionSet.selections.reverse();
    const inner = this.random.pick(copy.selectionSet.selections);
    if (inner.kind === Kind.FIELD) inner.alias = name(this.random.pick(['id', 'name', 'k', '__typename']));
    node.selections.push(this.random.chance(0.5) ? copy
      : { kind: Kind.INLINE_FRAGMENT, selectionSet: { kind: Kind.SELECTION_SET, selections: [copy] } });
  },
  function otherOperation() {
    this.one(Kind.OPERATION_DEFINITION).operation = this.random.pick(['query', 'mutation', 'subscription']);
  },
  function introspection() {
    const node = this.one(Kind.OPERATION_DEFINITION);
    node.selectionSet.selections.push(...parse(this.random.pick(['{ __schema { types { name } } }', '{ __type { name } }', '{ __typename }',
      '{ __type(name: "X") { fields(includeDeprecated: 1) { nam } } }']), { noLocation: true }).definitions[0].selectionSet.selections);
  },
  function typeDefinition(ast) {
    ast.definitions.push(...parse(this.random.pick(['type X { a: Int }', 'directive @d on FIELD', 'extend type Query { a: Int }',
      'schema { query: Query }', 'input Where { a: Int }']), { noLocation: true }).definitions);
  },
  function cycle(ast) {
    const type = this.random.pick(this.typeNames);
    ast.definitions.push(...parse(`fragment C1 on ${type} { ...C2 ...C1 } fragment C2 on ${type} { ...C3 } fragment C3 on ${type} { ...C1 __typename ...C2 }`,
      { noLocation: true }).definitions);
    if (this.random.chance(0.5)) this.one(Kind.SELECTION_SET).selections.push({ kind: Kind.FRAGMENT_SPREAD, name: name('C1') });
  },
];
