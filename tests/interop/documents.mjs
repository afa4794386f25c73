// SPDX-License-Identifier: MIT
// Documents made at random for a schema, mostly valid, and values for their variables.
import {
  Kind, getNamedType, isAbstractType, isCompositeType, isEnumType, isInputObjectType, isInterfaceType, isLeafType,
  isListType, isNonNullType, isObjectType, print, typeFromAST,
} from 'graphql';

import { invalidText, validTexts } from './oracle.mjs';

// mulberry32
export class Random {
  constructor(seed) { this.state = seed >>> 0; }
  next() {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }
  int(below) { return Math.floor(this.next() * below); }
  chance(probability) { return this.next() < probability; }
  pick(list) { return list[this.int(list.length)]; }
  some(list, most) {
    const rest = [...list];
    const taken = [];
    for (let n = 1 + this.int(most); n > 0 && rest.length; --n) taken.push(...rest.splice(this.int(rest.length), 1));
    return taken;
  }
}

const name = (value) => ({ kind: Kind.NAME, value });
const variableNode = (value) => ({ kind: Kind.VARIABLE, name: name(value) });
const namedNode = (value) => ({ kind: Kind.NAMED_TYPE, name: name(value) });
const texts = ['', 'a', 'Ä "quoted" \\ \n', 'two words', '😀', '-1', 'x'.repeat(40)];
const ints = [0, 1, -1, 42, 2147483647, -2147483648];
const floats = [0.5, -1.25, 3, 1e3, 100000];

function typeNode(type) {
  if (isNonNullType(type)) return { kind: Kind.NON_NULL_TYPE, type: typeNode(type.ofType) };
  if (isListType(type)) return { kind: Kind.LIST_TYPE, type: typeNode(type.ofType) };
  return namedNode(type.name);
}

export class DocumentMaker {
  constructor(schema, random) {
    this.schema = schema;
    this.random = random;
  }

  // {source, ast, variables: [VariableDefinition of the first operation]}
  make() {
    this.fragments = [];
    this.names = 0;
    const operations = [this.operation()];
    if (this.random.chance(0.1)) operations.push(this.operation());
    if (operations.length > 1 || this.random.chance(0.5))
      operations.forEach((operation, i) => { operation.name = name(`Op${i}`); });
    const ast = { kind: Kind.DOCUMENT, definitions: [...operations, ...this.fragments] };
    return { ast, source: print(ast), operation: operations[0] };
  }

  operation() {
    const operation = this.random.pick(['query', 'query', 'query', 'mutation', 'subscription']);
    const root = this.schema.getRootType(operation) ?? this.schema.getQueryType();
    this.definitions = [];
    this.budget = 40;
    const selectionSet = operation === 'subscription'
      ? { kind: Kind.SELECTION_SET, selections: [this.field(root, this.random.pick(Object.values(root.getFields())), new Set(), 0)] }
      : this.selectionSet(root, 0);
    return {
      kind: Kind.OPERATION_DEFINITION, operation, directives: [], variableDefinitions: this.definitions, selectionSet,
    };
  }

  selectionSet(type, depth) {
    return { kind: Kind.SELECTION_SET, selections: this.selections(type, depth, new Set()) };
  }

  selections(type, depth, keys) {
    const fields = type.getFields ? Object.values(type.getFields()) : [];
    const fitting = depth > 3 || this.budget < 0 ? fields.filter((field) => isLeafType(getNamedType(field.type))) : fields;
    const selections = this.random.some(fitting, depth === 0 ? 3 : 5).map((field) => this.field(type, field, keys, depth));
    if (!selections.length || this.random.chance(0.15)) selections.push(this.typename(keys));
    if (this.random.chance(isAbstractType(type) ? 0.9 : 0.2)) selections.push(this.inlineFragment(type, depth, keys));
    if (this.random.chance(0.1)) selections.push(this.spread(type, depth, keys));
    if (this.random.chance(0.08)) selections.push(structuredClone(this.random.pick(selections)));
    return selections;
  }

  typename(keys) {
    return { kind: Kind.FIELD, name: name('__typename'), alias: this.alias('__typename', keys), arguments: [], directives: [] };
  }

  alias(key, keys) {
    if (!keys.has(key) && !this.random.chance(0.15)) {
      keys.add(key);
      return undefined;
    }
    return name(`k${++this.names}`);
  }

  field(parent, field, keys, depth) {
    --this.budget;
    const named = getNamedType(field.type);
    const node = {
      kind: Kind.FIELD,
      name: name(field.name),
      alias: this.alias(field.name, keys),
      arguments: field.args.filter((arg) => (isNonNullType(arg.type) && arg.defaultValue === undefined) || this.random.chance(0.3))
        .map((arg) => ({ kind: Kind.ARGUMENT, name: name(arg.name), value: this.value(arg.type, arg.defaultValue !== undefined, 0) })),
      directives: this.directives(),
    };
    if (isCompositeType(named)) node.selectionSet = this.selectionSet(named, depth + 1);
    return node;
  }

  directives() {
    if (!this.random.chance(0.06)) return [];
    const boolean = this.schema.getType('Boolean');
    const value = this.random.chance(0.5) ? this.variable(boolean, { required: true }) : { kind: Kind.BOOLEAN, value: this.random.chance(0.6) };
    return [{
      kind: Kind.DIRECTIVE,
      name: name(this.random.pick(['skip', 'include'])),
      arguments: [{ kind: Kind.ARGUMENT, name: name('if'), value }],
    }];
  }

  // A type condition that objects of `type` may satisfy.
  condition(type) {
    if (isAbstractType(type)) return this.random.pick([type, ...this.schema.getPossibleTypes(type)]);
    return this.random.pick([type, ...(isObjectType(type) || isInterfaceType(type) ? type.getInterfaces() : [])]);
  }

  inlineFragment(type, depth, keys) {
    const condition = this.random.chance(0.2) ? null : this.condition(type);
    return {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: condition ? namedNode(condition.name) : undefined,
      directives: this.directives(),
      selectionSet: { kind: Kind.SELECTION_SET, selections: this.selections(condition ?? type, depth + 1, keys) },
    };
  }

  spread(type, depth, keys) {
    const condition = this.condition(type);
    const fragment = { kind: Kind.FRAGMENT_DEFINITION, name: name(`F${++this.names}`), typeCondition: namedNode(condition.name), directives: [] };
    this.fragments.push(fragment);
    fragment.selectionSet = { kind: Kind.SELECTION_SET, selections: this.selections(condition, depth + 1, keys) };
    return { kind: Kind.FRAGMENT_SPREAD, name: fragment.name, directives: this.directives() };
  }

  variable(type, { required = isNonNullType(type), hasDefault = false } = {}) {
    const fresh = `v${++this.names}`;
    const nullable = isNonNullType(type) ? type.ofType : type;
    const optional = required && this.random.chance(0.2);       // a default makes up for the missing "!"
    const definition = {
      kind: Kind.VARIABLE_DEFINITION, variable: variableNode(fresh), directives: [],
      type: (required && !optional && !hasDefault) || this.random.chance(0.2)
        ? { kind: Kind.NON_NULL_TYPE, type: typeNode(nullable) } : typeNode(nullable),
    };
    if (optional || this.random.chance(0.15)) definition.defaultValue = this.literal(nullable, 0, false);
    this.definitions.push(definition);
    return variableNode(fresh);
  }

  value(type, hasDefault, depth) {
    if (this.random.chance(0.3)) return this.variable(type, { hasDefault });
    return this.literal(type, depth, true);
  }

  literal(type, depth, mayUseVariables) {
    if (isNonNullType(type)) return this.nonNull(type.ofType, depth, mayUseVariables);
    return this.random.chance(0.08) && mayUseVariables ? { kind: Kind.NULL } : this.nonNull(type, depth, mayUseVariables);
  }

  nonNull(type, depth, mayUseVariables) {
    const inner = (of, hasDefault) => (mayUseVariables ? this.value(of, hasDefault, depth + 1) : this.literal(of, depth + 1, false));
    if (isListType(type)) {
      if (this.random.chance(0.15)) return this.nonNull(getInner(type), depth + 1, mayUseVariables);
      return { kind: Kind.LIST, values: Array.from({ length: this.random.int(3) }, () => inner(type.ofType, false)) };
    }
    if (isInputObjectType(type)) return this.object(type, depth, inner);
    if (isEnumType(type)) return { kind: Kind.ENUM, value: this.random.pick(type.getValues()).name };
    return this.scalar(type);
  }

  object(type, depth, inner) {
    const optional = depth < 3 ? 0.12 : 0;
    const fields = Object.values(type.getFields())
      .filter((field) => (isNonNullType(field.type) && field.defaultValue === undefined) || this.random.chance(optional));
    return {
      kind: Kind.OBJECT,
      fields: fields.map((field) => ({
        kind: Kind.OBJECT_FIELD, name: name(field.name), value: inner(field.type, field.defaultValue !== undefined),
      })),
    };
  }

  scalar(type) {
    const number = this.random.pick(ints);
    switch (type.name) {
      case 'Int': case 'AWSTimestamp': return { kind: Kind.INT, value: String(number) };
      case 'Float': return this.random.chance(0.3) ? { kind: Kind.INT, value: String(number) }
        : { kind: Kind.FLOAT, value: String(this.random.pick(floats)) + (this.random.chance(0.2) ? 'e0' : '') };
      case 'Boolean': return { kind: Kind.BOOLEAN, value: this.random.chance(0.5) };
      case 'ID': if (this.random.chance(0.2)) return { kind: Kind.INT, value: String(number) };
      // falls through
      default: return { kind: Kind.STRING, value: this.random.pick(validTexts[type.name] ?? texts), block: this.random.chance(0.05) };
    }
  }
}

function getInner(type) {
  const inner = type.ofType;
  return isNonNullType(inner) ? inner.ofType : inner;
}

// Values for an operation's variables; some are wrong on purpose. Members are sorted: JSON objects have no order.
export class VariableMaker {
  constructor(schema, random, wrong = 0.03) { Object.assign(this, { schema, random, wrong }); }

  make(operation) {
    const values = {};
    for (const { variable, type, defaultValue } of operation.variableDefinitions ?? []) {
      const known = typeFromAST(this.schema, type);
      const optional = !isNonNullType(known) || defaultValue;
      if (!known || this.random.chance(optional ? 0.3 : this.wrong)) continue;
      values[variable.name.value] = this.value(known, 0);
    }
    return values;
  }

  value(type, depth) {
    if (this.random.chance(this.wrong)) return this.random.pick([null, 1.5, -7, 'bad!', true, [], [1], {}, { a: { b: [null] } }, 1e21, 4294967296]);
    if (isNonNullType(type)) return this.nonNull(type.ofType, depth);
    return this.random.chance(0.15) ? null : this.nonNull(type, depth);
  }

  nonNull(type, depth) {
    if (isListType(type))
      return this.random.chance(0.1) ? this.nonNull(getInner(type), depth + 1)
        : Array.from({ length: this.random.int(3) }, () => this.value(type.ofType, depth + 1));
    if (isInputObjectType(type)) return this.object(type, depth);
    if (isEnumType(type)) return this.random.pick(type.getValues()).name;
    switch (type.name) {
      case 'Int': case 'AWSTimestamp': return this.random.pick(ints);
      case 'Float': return this.random.pick(floats);
      case 'Boolean': return this.random.chance(0.5);
      case 'ID': return this.random.chance(0.2) ? this.random.pick(ints) : this.random.pick(texts);
      default: return this.random.chance(this.wrong) && validTexts[type.name] ? invalidText : this.random.pick(validTexts[type.name] ?? texts);
    }
  }

  object(type, depth) {
    const members = [];
    for (const field of Object.values(type.getFields())) {
      const needed = isNonNullType(field.type) && field.defaultValue === undefined && !this.random.chance(this.wrong);
      if (needed || this.random.chance(depth < 3 ? 0.2 : 0)) members.push([field.name, this.value(field.type, depth + 1)]);
    }
    if (this.random.chance(this.wrong)) members.push([`${this.random.pick(Object.keys(type.getFields()))}x`, 1]);
    return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}
