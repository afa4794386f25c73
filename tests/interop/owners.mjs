// SPDX-License-Identifier: MIT
// A schema whose records have owners, as SDL and as `amplify codegen models` writes it, and an issuer of its users' tokens.
import { createSign, generateKeyPairSync } from 'node:crypto';

const operations = ['create', 'update', 'delete', 'read'];
const field = (name, type, more = {}) => ({ name, isArray: false, type, isRequired: false, attributes: [], ...more });
const fields = (...list) => Object.fromEntries(list.map((one) => [one.name, one]));

// What AWS's services say of their users, and what another issuer may say.
export const providers = {
  userPools: { identityClaim: 'cognito:username', groupClaim: 'cognito:groups' },
  oidc: { identityClaim: 'sub', groupClaim: 'roles' },
};

function rulesOf(provider) {
  const { identityClaim, groupClaim } = providers[provider];
  const owner = { allow: 'owner', ownerField: 'owner', provider, identityClaim, operations };
  return {
    Note: [owner],
    Notice: [{ ...owner, operations: ['create', 'update', 'delete'] }, { allow: 'private', provider, operations: ['read'] }],
    Plan: [owner, { allow: 'groups', groups: ['Planners'], groupClaim, provider, operations }],
  };
}

function modelOf(name, rules) {
  const own = name === 'Plan' ? [field('owner', 'String')] : [];      // elsewhere nobody declared it
  return {
    name,
    pluralName: `${name}s`,
    syncable: true,
    attributes: [{ type: 'model', properties: {} }, { type: 'auth', properties: { rules } }],
    fields: fields(field('id', 'ID', { isRequired: true }), field('text', 'String', { isRequired: true }), ...own,
      field('createdAt', 'AWSDateTime', { isReadOnly: true }), field('updatedAt', 'AWSDateTime', { isReadOnly: true })),
  };
}

// In SDL enum values have no quotes, and no claim is the subject beside the name, which clients know by the name alone.
function written(rule) {
  const bare = new Set(['allow', 'provider', 'operations']);
  const argument = ([name, value]) => `${name}: ${bare.has(name) ? JSON.stringify(value).replaceAll('"', '') : JSON.stringify(value)}`;
  const given = Object.entries(rule).filter(([, value]) => value !== providers.userPools.identityClaim);
  return `{ ${given.map(argument).join(', ')} }`;
}

export function ownedSchema(provider) {
  const rules = rulesOf(provider);
  const names = Object.keys(rules);
  return {
    sdl: names.map((name) => `type ${name} @model @auth(rules: [${rules[name].map(written).join(', ')}]) {
  id: ID!
  text: String!${name === 'Plan' ? '\n  owner: String' : ''}
}
`).join('\n'),
    models: {
      version: 'f0a1b2c3', codegenVersion: '3.4.4', enums: {}, nonModels: {},
      models: Object.fromEntries(names.map((name) => [name, modelOf(name, rules[name])])),
    },
  };
}

const encoded = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');

export class Issuer {
  constructor(provider, url) {
    Object.assign(this, { provider, url }, generateKeyPairSync('rsa', { modulusLength: 2048 }));
  }

  get keySet() {
    return { keys: [{ ...this.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }] };
  }

  #signed(claims) {
    const now = Math.floor(Date.now() / 1000);
    const text = `${encoded({ alg: 'RS256', kid: 'one' })}.${encoded({ iss: this.url, iat: now, exp: now + 3600, ...claims })}`;
    return `${text}.${createSign('RSA-SHA256').update(text).sign(this.privateKey).toString('base64url')}`;
  }

  // What a user's session holds after he has signed in.
  tokens(name, groups = []) {
    const { groupClaim } = providers[this.provider];
    const claims = { sub: this.provider === 'oidc' ? name : `subject of ${name}`, [groupClaim]: groups };
    if (this.provider === 'oidc') {
      const token = this.#signed({ ...claims, aud: 'app' });
      return { accessToken: token, idToken: token };
    }
    return {
      accessToken: this.#signed({ ...claims, token_use: 'access', client_id: 'app', username: name }),
      idToken: this.#signed({ ...claims, token_use: 'id', aud: 'app', 'cognito:username': name }),
    };
  }
}
