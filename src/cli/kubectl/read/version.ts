/**
 * `kubectl version`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/version/{version,skew_warning}.go @ v0.24.0. When a release was
 * built, and from which commit, is known for the releases listed only; of others these fields stay empty.
 */
import type { Command, Run } from '../../cobra/index.ts';
import { printYaml } from '../../kube/index.ts';
import { fail, KubectlError, kubeOf, local } from '../kube.ts';

/** The release that is installed on the laptop. */
export const KUBECTL = 'v1.24.0';
/** `kustomizeVersion` of that release. */
const KUSTOMIZE = 'v4.5.4';

/** k8s.io/apimachinery pkg/version Info, in its order. */
interface Info {
	readonly major: string;
	readonly minor: string;
	readonly gitVersion: string;
	readonly gitCommit: string;
	readonly gitTreeState: string;
	readonly buildDate: string;
	readonly goVersion: string;
	readonly compiler: string;
	readonly platform: string;
}

const BUILDS: Readonly<Record<string, readonly [commit: string, date: string, go: string]>> = {
	'v1.24.0': ['4ce5a8954017644c5420bae81d72b09b735c21f0', '2022-05-03T13:46:05Z', 'go1.18.1'],
};

function infoOf(version: string): Info {
	const [major = '', minor = ''] = version.slice(1).split('.');
	const [gitCommit = '', buildDate = '', goVersion = ''] = BUILDS[version] ?? [];
	const gitTreeState = gitCommit === '' ? '' : 'clean';
	return {
		major,
		minor,
		gitVersion: version,
		gitCommit,
		gitTreeState,
		buildDate,
		goVersion,
		compiler: 'gc',
		platform: 'linux/amd64',
	};
}

/** `%#v` of the struct. */
const structText = (info: Info): string =>
	`version.Info{${Object.entries(info)
		.map(([key, value]) => `${key.charAt(0).toUpperCase()}${key.slice(1)}:${JSON.stringify(value)}`)
		.join(', ')}}`;

async function version(run: Run): Promise<number> {
	const { call, flags, args } = run;
	if (args.length > 0) return fail(`extra arguments: [${args.join(' ')}]`);
	const output = flags.text('output');
	if (!['', 'yaml', 'json'].includes(output)) return fail("--output must be 'yaml' or 'json'");
	if (flags.given('short'))
		call.err(
			'Flag --short has been deprecated, and will be removed in the future. The --short output will become the default.\n',
		);
	const client = infoOf(KUBECTL);
	let server: Info | undefined;
	let refusal: KubectlError | undefined;
	if (!flags.on('client'))
		try {
			server = infoOf((await kubeOf(run)).api.version);
		} catch (fault) {
			if (!(fault instanceof KubectlError)) throw fault;
			refusal = fault;
		}
	if (output !== '') {
		const all = { clientVersion: client, kustomizeVersion: KUSTOMIZE, ...(server ? { serverVersion: server } : {}) };
		call.out(output === 'json' ? `${JSON.stringify(all, undefined, 2)}\n` : `${printYaml(all)}\n`);
	} else if (flags.on('short')) {
		call.out(`Client Version: ${client.gitVersion}\nKustomize Version: ${KUSTOMIZE}\n`);
		if (server) call.out(`Server Version: ${server.gitVersion}\n`);
	} else {
		call.err(
			'WARNING: This version information is deprecated and will be replaced with the output from kubectl version --short.  Use --output=yaml|json to get the full version.\n',
		);
		call.out(`Client Version: ${structText(client)}\nKustomize Version: ${KUSTOMIZE}\n`);
		if (server) call.out(`Server Version: ${structText(server)}\n`);
	}
	if (server && Math.abs(Number(server.minor) - Number(client.minor)) > 1)
		call.err(
			`WARNING: version difference between client (${client.major}.${client.minor}) and server (${server.major}.${server.minor}) exceeds the supported minor version skew of +/-1\n`,
		);
	if (refusal) throw refusal;
	return 0;
}

export const versionCommand: Command = {
	name: 'version',
	short: 'Print the client and server version information',
	long: 'Print the client and server version information for the current context.',
	example: '  # Print the client and server versions for the current context\n  kubectl version',
	flags: [
		{ name: 'client', type: 'bool', usage: 'If true, shows client version only (no server required).' },
		{ name: 'short', type: 'bool', usage: 'If true, print just the version number.', hidden: true },
		{ name: 'output', short: 'o', type: 'string', usage: "One of 'yaml' or 'json'." },
	],
	run: local(version),
};
