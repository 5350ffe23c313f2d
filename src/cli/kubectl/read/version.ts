/**
 * `kubectl version`: up to 1.27 all that is known unless `--short` is given, from 1.28 the short form, and no flag.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/version/{version,skew_warning}.go @ v0.21.0, v0.24.0, v0.28.0.
 */
import type { Command, Run } from '../../cobra/index.ts';
import { printYaml } from '../../kube/index.ts';
import { fail, KubectlError, kubeOf, local } from '../kube.ts';
import { kubectlVersion, kustomizeVersion, minorOf, serverInfo, type VersionInfo, versionInfo } from '../releases.ts';

/** Minors a client may be away from its server. */
const SKEW = 1;

/** `%#v` of the struct. */
const structText = (info: VersionInfo): string =>
	`version.Info{${Object.entries(info)
		.map(([key, value]) => `${key.charAt(0).toUpperCase()}${key.slice(1)}:${JSON.stringify(value)}`)
		.join(', ')}}`;

/** Faults of the kubeconfig, none of the server. */
const UNUSABLE = /^(?:error: (?!You must be logged in)|Error in configuration)/;

/** The server's answer, or why there is none. */
async function serverOf(run: Run): Promise<VersionInfo | KubectlError | undefined> {
	if (run.flags.on('client')) return undefined;
	try {
		const kube = await kubeOf(run);
		const info = serverInfo(kube.api.version);
		kube.told?.answered('/version?timeout=32s', 200, info);
		// An older kubectl does not know of all that a newer server tells.
		return minorOf(kubectlVersion(run.call.lab)) < 33 ? versionInfo(kube.api.version) : info;
	} catch (fault) {
		if (fault instanceof KubectlError) return fault;
		throw fault;
	}
}

async function version(run: Run): Promise<number> {
	const { call, flags, args } = run;
	const installed = kubectlVersion(call.lab);
	const minor = minorOf(installed);
	if (minor >= 28 && flags.given('short'))
		throw new KubectlError("error: unknown flag: --short\nSee 'kubectl version --help' for usage.");
	if (args.length > 0) return fail(`extra arguments: [${args.join(' ')}]`);
	const output = flags.text('output');
	if (!['', 'yaml', 'json'].includes(output)) return fail("--output must be 'yaml' or 'json'");
	if (minor >= 24 && flags.given('short'))
		call.err(
			'Flag --short has been deprecated, and will be removed in the future. The --short output will become the default.\n',
		);
	const client = versionInfo(installed, 'kubectl');
	const kustomize = kustomizeVersion(installed);
	const answer = await serverOf(run);
	// A configuration that cannot be used ends it before anything is told.
	if (answer instanceof KubectlError && UNUSABLE.test(answer.message)) throw answer;
	const server = answer instanceof KubectlError ? undefined : answer;
	const lines = (form: (info: VersionInfo) => string): void => {
		call.out(`Client Version: ${form(client)}\n`);
		if (kustomize) call.out(`Kustomize Version: ${kustomize}\n`);
		if (server) call.out(`Server Version: ${form(server)}\n`);
	};
	if (output !== '') {
		const all = {
			clientVersion: client,
			...(kustomize ? { kustomizeVersion: kustomize } : {}),
			...(server ? { serverVersion: server } : {}),
		};
		call.out(output === 'json' ? `${JSON.stringify(all, undefined, 2)}\n` : `${printYaml(all)}\n`);
	} else if (minor >= 28 || flags.on('short')) lines((info) => info.gitVersion);
	else {
		if (minor >= 24)
			call.err(
				'WARNING: This version information is deprecated and will be replaced with the output from kubectl version --short.  Use --output=yaml|json to get the full version.\n',
			);
		lines(structText);
	}
	if (server && Math.abs(minorOf(server.gitVersion) - minor) > SKEW)
		call.err(
			`WARNING: version difference between client (${client.major}.${client.minor}) and server (${server.major}.${server.minor}) exceeds the supported minor version skew of +/-${SKEW}\n`,
		);
	if (answer instanceof KubectlError) throw answer;
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
