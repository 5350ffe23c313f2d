/** `cilium version`, and how a release names itself. Source: pkg/version/version.go, cilium/cmd/version.go @ v1.12.1. */
import type { Command } from '../../cobra/index.ts';
import { agentVersionAt } from '../../places.ts';
import { agentIn } from './context.ts';
import { OUTPUT, structured } from './output.ts';

/** Commits of releases, abbreviated as the build did, where they were seen; the rest goes without. */
const REVISIONS: Readonly<Record<string, string>> = {
	'1.12.0': '9447cd1',
	'1.12.1': '4c9a630',
	'1.13.4': '4061cdfc',
	'1.15.1': 'a368c8f0',
	'1.18.0': '274205f0',
	'1.18.6': '95896696',
};

/** `1.12.1 (v1.12.1-4c9a630)`. */
export const releaseText = (version: string): string =>
	`${version} (v${version}${Object.hasOwn(REVISIONS, version) ? `-${REVISIONS[version]}` : ''})`;

/** Date and Go release are not known for a build: the line has what identifies it. */
const lineOf = (version: string): string =>
	[version, ...(Object.hasOwn(REVISIONS, version) ? [REVISIONS[version]!] : []), 'linux/amd64'].join(' ');

export const versionCommand: Command = {
	name: 'version',
	short: 'Print version information',
	flags: [OUTPUT],
	run: async (run) => {
		const { call } = run;
		const own = agentVersionAt(call.place, call.lab) ?? '';
		const agent = agentIn(call.place, call.lab);
		const daemon = agent?.state.state === 'ready' ? agent.state.release : undefined;
		const model = (version: string | undefined) => ({
			Version: version ?? '',
			Revision: (version !== undefined && REVISIONS[version]) || '',
			Arch: version === undefined ? '' : 'amd64',
		});
		const printed = structured(run, () => ({ Client: model(own), Daemon: model(daemon) }));
		if (printed !== undefined) return printed;
		call.out(`Client: ${lineOf(own)}\nDaemon: ${daemon === undefined ? 'Not responding' : lineOf(daemon)}\n`);
		return 0;
	},
};
