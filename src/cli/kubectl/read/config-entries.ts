/**
 * `kubectl config set-cluster` and `set-credentials`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/config/{create_cluster,create_authinfo}.go @ v0.24.0.
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
	const content = await run.call.files.read(path);
	if (content === undefined)
		return fail(`could not read ${flag} data from ${path}: open ${path}: no such file or directory`);
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

async function setCluster(run: Run): Promise<undefined> {
	if (run.args.length !== 1) return unexpected(run);
	const name = run.args[0]!;
	const config = await load(run);
	const old = config.clusters.find((item) => item.name === name);
	const cluster: Entry = { ...old?.cluster };
	words(run, cluster, ['server', 'tls-server-name', 'proxy-url']);
	if (run.flags.given('insecure-skip-tls-verify')) {
		cluster['insecure-skip-tls-verify'] = run.flags.on('insecure-skip-tls-verify');
		if (run.flags.on('insecure-skip-tls-verify')) {
			delete cluster['certificate-authority'];
			delete cluster['certificate-authority-data'];
		}
	}
	await certificate(run, cluster, 'certificate-authority');
	const clusters = [...config.clusters.filter((item) => item !== old), { name, cluster }];
	await save(run, { ...config, clusters });
	run.call.out(`Cluster ${JSON.stringify(name)} set.\n`);
}

async function setCredentials(run: Run): Promise<undefined> {
	if (run.args.length !== 1) return unexpected(run);
	const { flags } = run;
	if (flags.text('token') && (flags.text('username') || flags.text('password')))
		return fail(
			'you cannot specify more than one authentication method at the same time: --token, --username/--password',
		);
	const name = run.args[0]!;
	const config = await load(run);
	const old = config.users.find((item) => item.name === name);
	const user: Entry = { ...old?.user };
	words(run, user, ['token', 'username', 'password']);
	if (flags.text('token')) for (const key of ['username', 'password']) delete user[key];
	if (flags.text('username')) delete user.token;
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
		flags: [EMBED, text('proxy-url', 'proxy-url for the cluster entry in kubeconfig')],
		run: local(setCluster),
	},
	{
		name: 'set-credentials',
		use: 'NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password]',
		short: 'Set a user entry in kubeconfig',
		flags: [EMBED],
		run: local(setCredentials),
	},
];
