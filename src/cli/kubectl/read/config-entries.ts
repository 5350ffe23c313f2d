/**
 * `kubectl config set-cluster` and `set-credentials`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/config/{set_cluster,set_credentials}.go @ v0.24.0.
 */

import { base64 } from '../../../sim/api/index.ts';
import type { Command, Flag, Run } from '../../cobra/index.ts';
import { fail, local } from '../kube.ts';
import { load, save, unexpected } from './config-file.ts';

const text = (name: string, usage: string): Flag => ({ name, type: 'string', usage });

type Entry = Record<string, unknown>;

/** A file's name as it is, or its content where `--embed-certs` asks for that. */
async function certificate(run: Run, entry: Entry, flag: string): Promise<void> {
	if (!run.flags.given(flag)) return;
	const path = run.flags.text(flag);
	delete entry[flag];
	delete entry[`${flag}-data`];
	if (!run.flags.on('embed-certs')) {
		const absolute = path.startsWith('/') ? path : `${run.call.cwd}/${path}`;
		entry[flag] = absolute;
		return;
	}
	const content = (await run.call.files.read(path)) ?? '';
	entry[`${flag}-data`] = base64(content);
}

/** Puts what was given for the words into an entry. */
function words(run: Run, entry: Entry, names: readonly string[]): void {
	for (const name of names) {
		if (!run.flags.given(name)) continue;
		if (run.flags.text(name) === '') delete entry[name];
		else entry[name] = run.flags.text(name);
	}
}

/** What `--embed-certs` is to embed has to be there. */
async function embeddable(run: Run, flags: readonly string[]): Promise<void> {
	if (!run.flags.on('embed-certs')) return;
	const given = flags.filter((flag) => run.flags.text(flag) !== '');
	if (given.length === 0) fail(`you must specify a ${flags.map((flag) => `--${flag}`).join(' or ')} to embed`);
	for (const flag of given) {
		const path = run.flags.text(flag);
		if ((await run.call.files.read(path)) === undefined)
			fail(`could not stat ${flag} file ${path}: stat ${path}: no such file or directory`);
	}
}

async function setCluster(run: Run): Promise<undefined> {
	if (run.args.length !== 1) return unexpected(run);
	const name = run.args[0]!;
	if (name === '') return fail('you must specify a non-empty cluster name');
	if (run.flags.on('insecure-skip-tls-verify') && run.flags.text('certificate-authority'))
		return fail('you cannot specify a certificate authority and insecure mode at the same time');
	await embeddable(run, ['certificate-authority']);
	const config = await load(run);
	const old = config.clusters.find((item) => item.name === name);
	const cluster: Entry = { ...old?.cluster };
	// The name of a server's certificate goes with the server.
	if (run.flags.given('server')) delete cluster['tls-server-name'];
	words(run, cluster, ['server', 'tls-server-name', 'proxy-url']);
	if (run.flags.given('insecure-skip-tls-verify')) {
		delete cluster['insecure-skip-tls-verify'];
		if (run.flags.on('insecure-skip-tls-verify')) {
			cluster['insecure-skip-tls-verify'] = true;
			delete cluster['certificate-authority'];
			delete cluster['certificate-authority-data'];
		}
	}
	if (run.flags.text('certificate-authority')) delete cluster['insecure-skip-tls-verify'];
	await certificate(run, cluster, 'certificate-authority');
	const clusters = [...config.clusters.filter((item) => item !== old), { name, cluster }];
	await save(run, { ...config, clusters });
	run.call.out(`Cluster ${JSON.stringify(name)} set.\n`);
}

/** `KEY=value` to set, `KEY-` to take away. */
function changed(
	pairs: readonly string[],
	old: Readonly<Record<string, string>>,
	what: string,
): Record<string, string> {
	const next = { ...old };
	for (const pair of pairs) {
		const equals = pair.indexOf('=');
		if (equals >= 0) next[pair.slice(0, equals)] = pair.slice(equals + 1);
		else if (pair.endsWith('-')) delete next[pair.slice(0, -1)];
		else fail(`invalid ${what} format: ${pair}`);
	}
	return next;
}

function authProvider(run: Run, user: Entry): void {
	const { flags } = run;
	if (flags.given('auth-provider')) user['auth-provider'] = { config: null, name: flags.text('auth-provider') };
	const old = user['auth-provider'] as Entry | undefined;
	if (!old || flags.list('auth-provider-arg').length === 0) return;
	const config = changed(
		flags.list('auth-provider-arg'),
		(old.config as Record<string, string>) ?? {},
		'auth-provider-arg',
	);
	user['auth-provider'] = { ...old, config };
}

/** A program that brings credentials. */
function execPlugin(run: Run, user: Entry): void {
	const { flags } = run;
	const old = user.exec as Entry | undefined;
	if (!['exec-command', 'exec-api-version', 'exec-arg', 'exec-env'].some((name) => flags.given(name))) return;
	const env = (old?.env ?? []) as readonly { readonly name: string; readonly value: string }[];
	const had = Object.fromEntries(env.map(({ name, value }) => [name, value]));
	const now = Object.entries(changed(flags.list('exec-env'), had, 'exec-env')).map(([name, value]) => ({
		name,
		value,
	}));
	user.exec = {
		apiVersion: flags.text('exec-api-version') || (old?.apiVersion ?? ''),
		args: flags.given('exec-arg') ? flags.list('exec-arg') : (old?.args ?? null),
		command: flags.text('exec-command') || (old?.command ?? ''),
		env: now.length > 0 ? now : null,
		provideClusterInfo: false,
	};
}

async function setCredentials(run: Run): Promise<undefined> {
	if (run.args.length !== 1) {
		run.call.out(run.help());
		return fail(`unexpected args: [${run.args.join(' ')}]`);
	}
	const { flags } = run;
	if (flags.text('token') && (flags.text('username') || flags.text('password')))
		return fail(
			'you cannot specify more than one authentication method at the same time: --token, --username/--password',
		);
	const name = run.args[0]!;
	if (name === '') return fail('you must specify a non-empty user name');
	await embeddable(run, ['client-certificate', 'client-key']);
	const config = await load(run);
	const old = config.users.find((item) => item.name === name);
	const user: Entry = { ...old?.user };
	words(run, user, ['token', 'username', 'password']);
	if (flags.text('token')) for (const key of ['username', 'password']) delete user[key];
	if (flags.text('username')) delete user.token;
	authProvider(run, user);
	execPlugin(run, user);
	await certificate(run, user, 'client-certificate');
	await certificate(run, user, 'client-key');
	const users = [...config.users.filter((item) => item !== old), { name, user }];
	await save(run, { ...config, users });
	run.call.out(`User ${JSON.stringify(name)} set.\n`);
}

const EMBED: Flag = { name: 'embed-certs', type: 'bool', usage: 'embed-certs for the entry in kubeconfig' };

export const entryCommands: readonly Command[] = [
	{
		name: 'set-cluster',
		use: 'NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]',
		short: 'Set a cluster entry in kubeconfig',
		flags: [
			EMBED,
			...['certificate-authority', 'insecure-skip-tls-verify', 'proxy-url', 'server', 'tls-server-name'].map(
				(name): Flag => ({
					name,
					type: name.startsWith('insecure') ? 'bool' : 'string',
					usage: `${name.startsWith('cert') ? `Path to ${name} file` : name} for the cluster entry in kubeconfig`,
				}),
			),
		],
		run: local(setCluster),
	},
	{
		name: 'set-credentials',
		use: 'NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password]',
		short: 'Set a user entry in kubeconfig',
		flags: [
			EMBED,
			...['client-certificate', 'client-key'].map((name) =>
				text(name, `Path to ${name} file for the user entry in kubeconfig`),
			),
			...['token', 'username', 'password'].map((name) => text(name, `${name} for the user entry in kubeconfig`)),
			text('auth-provider', 'Auth provider for the user entry in kubeconfig'),
			{ name: 'auth-provider-arg', type: 'strings', usage: "'key=value' arguments for the auth provider" },
			text('exec-command', 'Command for the exec credential plugin for the user entry in kubeconfig'),
			text('exec-api-version', 'API version of the exec credential plugin for the user entry in kubeconfig'),
			{ name: 'exec-arg', type: 'strings', usage: 'New arguments for the exec credential plugin command' },
			{ name: 'exec-env', type: 'array', usage: "'key=value' environment values for the exec credential plugin" },
		],
		run: local(setCredentials),
	},
];
