// SPDX-License-Identifier: MIT
// schema.graphql as amplify-js wants it: what `amplify codegen models` writes for JavaScript.
const field = (name, type, more = {}) => ({ name, isArray: false, type, isRequired: false, attributes: [], ...more });
const required = { isRequired: true };
const readOnly = { isReadOnly: true };
const publicRules = {
  type: 'auth',
  properties: { rules: [{ allow: 'public', operations: ['create', 'update', 'delete', 'read'] }] },
};
const fields = (...list) => Object.fromEntries(list.map((one) => [one.name, one]));
const timestamps = [field('createdAt', 'AWSDateTime', readOnly), field('updatedAt', 'AWSDateTime', readOnly)];

export const schema = {
  version: 'f0a1b2c3',
  codegenVersion: '3.4.4',
  enums: { CountState: { name: 'CountState', values: ['OPEN', 'CHECKED'] } },
  nonModels: {
    Place: { name: 'Place', fields: fields(field('aisle', 'String', required), field('shelf', 'Int')) },
  },
  models: {
    Shop: {
      name: 'Shop',
      pluralName: 'Shops',
      syncable: true,
      attributes: [{ type: 'model', properties: {} }, publicRules],
      fields: fields(
        field('id', 'ID', required),
        field('name', 'String', required),
        field('counts', { model: 'StockCount' }, {
          isArray: true,
          isArrayNullable: true,
          association: { connectionType: 'HAS_MANY', associatedWith: ['shop'] },
        }),
        ...timestamps,
      ),
    },
    StockCount: {
      name: 'StockCount',
      pluralName: 'StockCounts',
      syncable: true,
      attributes: [
        { type: 'model', properties: {} },
        { type: 'key', properties: { name: 'byShop', fields: ['shopID', 'sku'] } },
        publicRules,
      ],
      fields: fields(
        field('id', 'ID', required),
        field('sku', 'String', required),
        field('quantity', 'Int', required),
        field('price', 'Float'),
        field('checked', 'Boolean'),
        field('countedAt', 'AWSDateTime'),
        field('countedOn', 'AWSDate'),
        field('stamp', 'AWSTimestamp'),
        field('data', 'AWSJSON'),
        field('contact', 'AWSEmail'),
        field('tags', 'String', { isArray: true, isArrayNullable: true }),
        field('state', { enum: 'CountState' }),
        field('place', { nonModel: 'Place' }),
        field('shop', { model: 'Shop' }, { association: { connectionType: 'BELONGS_TO', targetNames: ['shopID'] } }),
        ...timestamps,
      ),
    },
  },
};
