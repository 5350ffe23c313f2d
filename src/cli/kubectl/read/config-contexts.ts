/**
 * `kubectl config get-contexts`, `use-context` and the other small changes.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/config @ v0.24.0.
 */
import type { Run } from '../../cobra/index.ts';
import { fail, local, usageError } from '../kube.ts';
import { RowPrinter } from '../print/index.ts';
import { byName, file, load, save, unexpected } from './config-file.ts';
import { setProperty, unsetProperty } from './config-property.ts';

export async function getContexts(run: Run): Promise<number> {
	const { call, flags, args } = run;
	const output = flags.text('output');
	if (output !== '' && output !== 'name') return fail(`output must be one of '' or 'name': ${output}`);
	const config = await load(run);
	const known = byName(config.contexts);
	const missing = args.filter((name) => !known.some((item) => item.name === name));
	const shown = args.length === 0 ? known : known.filter((item) => args.includes(item.name));
	if (output === 'name') for (const { name } of shown) call.out(`${name}\n`);
	else {
		const rows = shown.map(({ name, context }) => [
			name === config['current-context'] ? '*' : ' ',
			name,
			context.cluster ?? '',
			context.user ?? '',
			context.namespace ?? '',
		]);
		const header = ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE'];
		call.out(new RowPrinter().print(flags.on('no-headers') ? rows : [header, ...rows]));
	}
	if (missing.length === 1) return fail(`context ${missing[0]} not found`);
	if (missing.length > 1) return fail(`[${missing.map((name) => `context ${name} not found`).join(', ')}]`);
	return 0;
}

export async function currentContext(run: Run): Promise<undefined> {
	const current = (await load(run))['current-context'];
	if (current === '') return fail('current-context is not set');
	run.call.out(`${current}\n`);
}

export async function useContext(run: Run): Promise<undefined> {
	if (run.args.length !== 1) return unexpected(run);
	const config = await load(run);
	const name = run.args[0]!;
	if (name === '') return fail('empty context names are not allowed');
	if (!config.contexts.some((item) => item.name === name))
		return fail(`no context exists with the name: ${JSON.stringify(name)}`);
	await save(run, { ...config, 'current-context': name });
	run.call.out(`Switched to context ${JSON.stringify(name)}.\n`);
}

export async function setContext(run: Run): Promise<undefined> {
	const { flags, args } = run;
	if (args.length > 1) return unexpected(run);
	const given = args[0] ?? '';
	if (given === '' && !flags.on('current')) return fail('you must specify a non-empty context name or --current');
	if (given !== '' && flags.on('current')) return fail('you cannot specify both a context name and --current');
	const config = await load(run);
	const name = given || config['current-context'];
	if (name === '') return fail('no current context is set');
	const old = config.contexts.find((item) => item.name === name);
	const context: Record<string, string> = { ...old?.context };
	for (const key of ['cluster', 'user', 'namespace'])
		if (flags.given(key)) {
			if (flags.text(key) === '') delete context[key];
			else context[key] = flags.text(key);
		}
	const next = { name, context };
	await save(run, {
		...config,
		contexts: old ? config.contexts.map((item) => (item === old ? next : item)) : [...config.contexts, next],
	});
	run.call.out(`Context ${JSON.stringify(name)} ${old ? 'modified' : 'created'}.\n`);
}

export async function renameContext(run: Run): Promise<undefined> {
	if (run.args.length !== 2) return unexpected(run);
	const [from, to] = run.args as [string, string];
	if (to === '') return fail('You must specify a new non-empty context name');
	const config = await load(run);
	const has = (name: string): boolean => config.contexts.some((item) => item.name === name);
	if (!has(from)) return fail(`cannot rename the context ${JSON.stringify(from)}, it's not in ${file(run)}`);
	if (has(to))
		return fail(
			`cannot rename the context ${JSON.stringify(from)}, the context ${JSON.stringify(to)} already exists in ${file(run)}`,
		);
	await save(run, {
		...config,
		contexts: config.contexts.map((item) => (item.name === from ? { ...item, name: to } : item)),
		'current-context': config['current-context'] === from ? to : config['current-context'],
	});
	run.call.out(`Context ${JSON.stringify(from)} renamed to ${JSON.stringify(to)}.\n`);
}

/** `delete-context`, `delete-cluster`, `delete-user`. */
export const remove = (what: 'context' | 'cluster' | 'user') =>
	local(async (run) => {
		const config = await load(run);
		if (run.args.length !== 1 && what === 'user') return usageError(run, 'user to delete is required');
		if (run.args.length !== 1) {
			run.call.out(run.help());
			return undefined;
		}
		const name = run.args[0]!;
		const key = `${what}s` as const;
		const list: readonly { readonly name: string }[] = config[key];
		if (!list.some((item) => item.name === name)) return fail(`cannot delete ${what} ${name}, not in ${file(run)}`);
		if (what === 'context' && config['current-context'] === name)
			run.call.err(
				'warning: this removed your active context, use "kubectl config use-context" to select a different one\n',
			);
		await save(run, { ...config, [key]: list.filter((item) => item.name !== name) });
		run.call.out(`deleted ${what} ${name} from ${file(run)}\n`);
		return undefined;
	});

export const names = (key: 'clusters' | 'users') =>
	local(async (run) => {
		const config = await load(run);
		run.call.out(
			`NAME\n${byName(config[key] as readonly { readonly name: string }[])
				.map((item) => `${item.name}\n`)
				.join('')}`,
		);
		return undefined;
	});

export async function set(run: Run): Promise<undefined> {
	if (run.args.length !== 2) return unexpected(run);
	const [property, value] = run.args as [string, string];
	if (value === '') return fail('you cannot use set to unset a property');
	if (property === '') return fail('you must specify a property');
	await save(run, setProperty(await load(run), property, value, run.flags.on('set-raw-bytes')));
	run.call.out(`Property ${JSON.stringify(property)} set.\n`);
}

export async function unset(run: Run): Promise<undefined> {
	if (run.args.length !== 1) return unexpected(run);
	const property = run.args[0]!;
	if (property === '') return fail('you must specify a property');
	await save(run, unsetProperty(await load(run), property));
	run.call.out(`Property ${JSON.stringify(property)} unset.\n`);
}
