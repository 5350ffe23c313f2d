/** `cilium version`, and how a release names itself. Source: pkg/version/version.go, cilium/cmd/version.go @ v1.12.1. */
import type { Command } from '../../cobra/index.ts';
import { agentVersionAt } from '../../places.ts';
import { agentIn } from './context.ts';
import { OUTPUT, structured } from './output.ts';

/**
 * Commits of releases, abbreviated as the build did, where they are told: by what agents of that release printed, or, from
 * October 2024, by the chart that was added for it (cilium/charts, `Add cilium v1.16.3@f2217191…`), which has been of the
 * same commit since. The rest goes without.
 */
const REVISIONS: Readonly<Record<string, string>> = {
	'1.12.0': '9447cd1',
	'1.12.1': '4c9a630',
	'1.13.4': '4061cdfc',
	'1.14.2': 'a6748946',
	'1.14.5': '85db28be',
	'1.14.16': 'c2fcf1db',
	'1.14.17': 'd9124fb4',
	'1.14.18': '80e0f918',
	'1.14.19': 'cb111393',
	'1.15.1': 'a368c8f0',
	'1.15.10': '2fdab41a',
	'1.15.11': 'e580c18c',
	'1.15.12': '1f74fa42',
	'1.15.13': '1d896cad',
	'1.15.14': '779ce308',
	'1.15.15': 'dacf1b6b',
	'1.15.16': 'a0ee30f5',
	'1.15.17': '01998c02',
	'1.15.18': 'fbfb9b30',
	'1.15.19': '6a0e0dfd',
	'1.16.3': 'f2217191',
	'1.16.4': '03807242',
	'1.16.5': 'ad688277',
	'1.16.6': '9e9f0989',
	'1.16.7': '2ab5f8da',
	'1.16.8': 'dc65ba9b',
	'1.16.9': 'bf7387b2',
	'1.16.10': 'a93da32e',
	'1.16.11': 'bf9392a9',
	'1.16.12': 'a6609395',
	'1.16.13': 'ec7cc071',
	'1.16.15': '75130674',
	'1.17.0': 'c2bbf787',
	'1.17.1': 'd6c9f9e8',
	'1.17.2': 'fb3ab54f',
	'1.17.3': '3993bd06',
	'1.17.4': '55aecc0f',
	'1.17.5': '69aab28c',
	'1.18.0': '274205f0',
	'1.18.1': 'e8a7070f',
	'1.18.2': '5bd307a8',
	'1.18.3': 'c1601689',
	'1.18.4': 'afda2aa9',
	'1.18.5': '7d4d8932',
	'1.18.6': '95896696',
	'1.18.7': '2adae214',
	'1.18.8': '7d6f03ef',
	'1.18.9': 'c4898256',
	'1.18.10': '6bf2fe83',
	'1.18.11': '617b6b49',
	'1.19.0': '7c6667e1',
	'1.19.1': 'd0d0c879',
	'1.19.2': '3977f6a1',
	'1.19.3': 'f5eb641b',
	'1.19.4': '95e477fd',
	'1.19.5': '20eaccfe',
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
