/** `cilium preflight`. Source: cilium/cmd/preflight*.go @ v1.12.1. */
import type { Command } from '../../cobra/index.ts';
import { reading } from './context.ts';
import { refusing } from './refusing.ts';

export const preflight: Command = {
	name: 'preflight',
	short: 'Cilium upgrade helper',
	long: 'CLI to help upgrade cilium',
	commands: [
		refusing('fqdn-poller', 'Prepare for DNS Polling upgrades to cilium 1.4', 'the simulator has no poller of names'),
		refusing(
			'migrate-identity',
			'Migrate KVStore-backed identities to kubernetes CRD-backed identities',
			'the simulator has no kvstore to migrate identities from',
		),
		{
			name: 'validate-cnp',
			short: 'Validate Cilium Network Policies deployed in the cluster',
			run: reading((run, { cluster, minor }) => {
				const { api } = cluster;
				const logged = (level: string, text: string, fields = ''): void =>
					run.call.err(`level=${level} msg=${JSON.stringify(text)}${fields}${minor >= 17 ? '' : ' subsys=cilium'}\n`);
				let bad = 0;
				for (const [plural, kind] of [
					['ciliumnetworkpolicies', 'CiliumNetworkPolicy'],
					['ciliumclusterwidenetworkpolicies', 'CiliumClusterwideNetworkPolicy'],
				] as const) {
					const resource = api.find(plural);
					for (const { metadata, status } of resource ? api.list(resource) : []) {
						const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
						const conditions = (status?.conditions ?? []) as readonly {
							type: string;
							status: string;
							message?: string;
						}[];
						const invalid = conditions.find((c) => c.type === 'Valid' && c.status === 'False');
						if (invalid) bad++;
						logged(
							invalid ? 'error' : 'info',
							`Validating ${kind} '${name}': ${invalid ? `unexpected validation error: ${invalid.message ?? ''}` : 'OK!'}`,
						);
					}
				}
				if (bad > 0) {
					logged('error', 'Found invalid CCNPs or CNPs', '');
					return 1;
				}
				logged('info', 'All CCNPs and CNPs valid!');
				return 0;
			}),
		},
	],
};
