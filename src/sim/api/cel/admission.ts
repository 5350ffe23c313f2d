/**
 * Expressions of admission: what they may name, and match conditions of webhooks and policies.
 *
 * Source: kubernetes staging/src/k8s.io/apiserver/pkg/admission/plugin/cel/{compile,condition,composition}.go,
 * plugin/webhook/matchconditions/matcher.go, pkg/cel/library/authz.go @ v1.33.0.
 */
import { authorize, type Identity } from '../access/index.ts';
import { type Draft, subs, text } from '../json.ts';
import type { ApiServer } from '../object.ts';
import type { Context } from '../strategy.ts';
import type { Asked } from '../webhooks/match.ts';
import { requestOf } from '../webhooks/request.ts';
import { environment, type Language, languageOf, mentions } from './language.ts';
import { toCel } from './values.ts';

export interface Around {
	readonly context: Pick<Context, 'get' | 'list' | 'ofKind' | 'warn'>;
	readonly who: Identity;
}

class Decided {
	readonly yes: boolean;
	readonly why: string;
	constructor(yes: boolean, why: string) {
		this.yes = yes;
		this.why = why;
	}
}

/** What is asked of the authorizer, step by step. */
class Question {
	readonly of: Readonly<Record<string, string>>;
	readonly decide: (action: Readonly<Record<string, string>>) => Decided;
	constructor(of: Question['of'], decide: Question['decide']) {
		this.of = of;
		this.decide = decide;
	}
	with(key: string, value: string): Question {
		return new Question({ ...this.of, [key]: value }, this.decide);
	}
	check(verb: string): Decided {
		return this.decide({ ...this.of, verb });
	}
}

class Authorizer {
	readonly requestResource: Question;
	readonly ask: Question;
	constructor(ask: Question, requestResource: Question) {
		this.ask = ask;
		this.requestResource = requestResource;
	}
}

const COMMON = ['object', 'oldObject', 'request', 'namespaceObject', 'variables'] as const;

const admissionLanguage = (params: boolean, authorizer: boolean): Language => {
	const env = environment();
	for (const name of COMMON) env.registerVariable(name, 'dyn');
	if (params) env.registerVariable('params', 'dyn');
	env
		.registerType('authz.Decision', { ctor: Decided })
		.registerType('authz.Check', { ctor: Question })
		.registerType('authz.Authorizer', { ctor: Authorizer, fields: { requestResource: 'authz.Check' } });
	if (authorizer) env.registerVariable('authorizer', 'authz.Authorizer');
	for (const key of ['resource', 'subresource', 'namespace', 'name'])
		env.registerFunction(`authz.Check.${key}(string): authz.Check`, (question: Question, value: string) =>
			question.with(key, value),
		);
	env
		.registerFunction('authz.Authorizer.group(string): authz.Check', ({ ask }: Authorizer, group: string) =>
			ask.with('group', group),
		)
		.registerFunction('authz.Authorizer.path(string): authz.Check', ({ ask }: Authorizer, path: string) =>
			ask.with('path', path),
		)
		.registerFunction(
			'authz.Authorizer.serviceAccount(string, string): authz.Authorizer',
			({ ask }: Authorizer, namespace: string, name: string) => {
				const other = ask.with('account', `${namespace}:${name}`);
				return new Authorizer(other, other);
			},
		)
		.registerFunction('authz.Check.check(string): authz.Decision', (question: Question, verb: string) =>
			question.check(verb),
		)
		.registerFunction('authz.Decision.allowed(): bool', ({ yes }: Decided) => yes)
		.registerFunction('authz.Decision.errored(): bool', () => false)
		.registerFunction('authz.Decision.error(): string', () => '')
		.registerFunction('authz.Decision.reason(): string', ({ why }: Decided) => why);
	return languageOf(env);
};

const languages = new Map<string, Language>();

/** With `params` where a policy has a kind of them; messages have no authorizer. */
export const languageFor = (params: boolean, authorizer = true): Language => {
	const key = `${params}/${authorizer}`;
	let found = languages.get(key);
	if (found === undefined) {
		found = admissionLanguage(params, authorizer);
		languages.set(key, found);
	}
	return found;
};

const authorizerOf = (asked: Asked, { context, who }: Around): Authorizer => {
	// As much of a server as the authorizer looks at.
	const api = {
		find: (plural: string) => ({ plural }),
		get: ({ plural }: { plural: string }, namespace: string | undefined, name: string) =>
			context.get(plural, namespace, name),
		list: ({ plural }: { plural: string }, { namespace }: { namespace?: string } = {}) =>
			context.list(plural, namespace),
	} as unknown as ApiServer;
	const decide: Question['decide'] = ({ account, verb = '', ...action }) => {
		const [namespace = '', name = ''] = account?.split(':') ?? [];
		const asker: Identity =
			account === undefined
				? who
				: {
						user: `system:serviceaccount:${namespace}:${name}`,
						groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
					};
		const { allowed, reason } = authorize(api, asker, { verb, ...action });
		return new Decided(allowed, reason);
	};
	const { resource, subresource, namespace, name } = asked;
	return new Authorizer(
		new Question({}, decide),
		new Question(
			{
				group: resource.group,
				resource: resource.plural,
				...(subresource === '' ? {} : { subresource }),
				...(namespace === undefined ? {} : { namespace }),
				...(name === '' ? {} : { name }),
			},
			decide,
		),
	);
};

/** Whoever evaluates: an expression's value, or why it has none. */
export type Evaluate = (
	source: string,
	authorizer?: boolean,
) => { readonly value: unknown; readonly error?: undefined } | { readonly error: string };

/** Variables of a policy are evaluated when one asks for them, once. */
const lazily = (list: readonly Draft[], evaluate: (source: string) => ReturnType<Evaluate>): object => {
	const out = {};
	for (const item of list) {
		const name = text(item, 'name') ?? '';
		let made: ReturnType<Evaluate> | undefined;
		Object.defineProperty(out, name, {
			enumerable: true,
			get: () => {
				made ??= evaluate(text(item, 'expression') ?? '');
				if (made.error === undefined) return made.value;
				throw new Error(`composited variable ${JSON.stringify(name)} fails to evaluate: ${made.error}`);
			},
		});
	}
	return out;
};

export const evaluator = (
	asked: Asked,
	around: Around,
	{ params, variables = [] }: { readonly params?: unknown; readonly variables?: readonly Draft[] } = {},
): Evaluate => {
	const { resource, namespace, object, old } = asked;
	const space =
		namespace === undefined || (resource.kind === 'Namespace' && resource.group === '')
			? undefined
			: around.context.get('namespaces', undefined, namespace);
	const given: Record<string, unknown> = {
		object: toCel(object),
		oldObject: toCel(old),
		request: toCel(requestOf(asked, around.who)),
		namespaceObject: toCel(space),
		...(params === undefined ? {} : { params: toCel(params) }),
	};
	given.variables = lazily(variables, (source) => evaluate(source));
	const evaluate: Evaluate = (source, authorizer = true) => {
		const made = languageFor(params !== undefined, authorizer).compile(source);
		if ('error' in made) return { error: made.error };
		return made.program.run(
			authorizer && mentions(source, 'authorizer') ? { ...given, authorizer: authorizerOf(asked, around) } : given,
		);
	};
	return (source, authorizer) => {
		const done = evaluate(source, authorizer);
		return done.error === undefined ? done : { error: `expression '${source}' resulted in error: ${done.error}` };
	};
};

export type Matched = { readonly matches: boolean; readonly error?: undefined } | { readonly error: string };

/** One that is false excludes; otherwise errors count as the failure policy says. */
export const matchConditions = (conditions: readonly Draft[], evaluate: Evaluate, fails: boolean): Matched => {
	const errors: string[] = [];
	for (const condition of conditions) {
		const done = evaluate(text(condition, 'expression') ?? '');
		if (done.error !== undefined) errors.push(done.error);
		else if (done.value === false) return { matches: false };
	}
	if (errors.length === 0) return { matches: true };
	if (!fails) return { matches: false };
	return { error: errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]` };
};

/** Whether a webhook is called by its conditions. */
export const hookMatches = (hook: Draft, asked: Asked, around: Around): Matched => {
	const conditions = subs(hook, 'matchConditions');
	return conditions.length === 0
		? { matches: true }
		: matchConditions(conditions, evaluator(asked, around), hook.failurePolicy !== 'Ignore');
};

/** Why an expression is none, or none of the wanted type. */
export const expressionFault = (
	source: string,
	wanted: readonly string[],
	about: { readonly params?: boolean; readonly authorizer?: boolean; readonly variables?: readonly Draft[] } = {},
): string | undefined => {
	const made = languageFor(about.params === true, about.authorizer !== false).compile(source);
	if ('error' in made) return made.error;
	const unknown = [...source.matchAll(/(?<![.\w])variables\.(\w+)/g)].find(
		([, name]) => !(about.variables ?? []).some((one) => text(one, 'name') === name),
	);
	if (unknown)
		return `compilation failed: ERROR: <input>:1:${(unknown.index ?? 0) + 10}: undefined field '${unknown[1]}'\n | ${source}\n | ${'.'.repeat((unknown.index ?? 0) + 9)}^`;
	// What a variable is, is known where it is evaluated.
	const free = made.type === 'dyn' && mentions(source, 'variables');
	if (wanted.length === 0 || wanted.includes(made.type) || free) return undefined;
	return wanted.length === 1
		? `must evaluate to ${wanted[0]} but got ${made.type}`
		: `must evaluate to one of [${wanted.join(' ')}] but got ${made.type}`;
};
