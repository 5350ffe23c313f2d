/**
 * `kubectl certificate approve` and `deny`.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/certificates/certificates.go @ v0.24.0.
 */
import type { ApiObject } from '../../../sim/api/index.ts';
import type { Command, Flag } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube } from '../kube.ts';
import { subs, text } from '../print/index.ts';
import { fetch } from '../targets.ts';
import { caughtFault, raise, raiseStatus } from './faults.ts';
import { fileInfos, hasFiles } from './infos.ts';
import { operationPrinter, PRINT_FLAGS } from './output.ts';

interface Decision {
	readonly type: 'Approved' | 'Denied';
	readonly other: 'Approved' | 'Denied';
	readonly reason: string;
	readonly message: string;
	readonly operation: string;
}

const APPROVE: Decision = {
	type: 'Approved',
	other: 'Denied',
	reason: 'KubectlApprove',
	message: 'This CSR was approved by kubectl certificate approve.',
	operation: 'approved',
};
const DENY: Decision = {
	type: 'Denied',
	other: 'Approved',
	reason: 'KubectlDeny',
	message: 'This CSR was denied by kubectl certificate deny.',
	operation: 'denied',
};

/** The request with its decision; itself when it has that already. */
function decided(kube: Kube, request: ApiObject, { type, other, reason, message }: Decision): ApiObject {
	const conditions = subs(request, 'status', 'conditions');
	if (conditions.some((c) => text(c, 'type') === other))
		return fail(`certificate signing request ${JSON.stringify(request.metadata.name)} is already ${other}`);
	if (conditions.some((c) => text(c, 'type') === type) && !kube.run.flags.on('force')) return request;
	const now = kube.api.timestamp();
	const condition = { type, status: 'True', reason, message, lastUpdateTime: now, lastTransitionTime: now };
	const next = [...conditions.filter((c) => text(c, 'type') !== type), condition];
	return { ...request, status: { ...request.status, conditions: next as never } };
}

const decide =
	(decision: Decision) =>
	async (kube: Kube): Promise<number> => {
		const { api, run } = kube;
		if (run.args.length < 1 && !hasFiles(kube))
			return fail('one or more CSRs must be specified as <name> or -f <filename>');
		const resource = api.find('certificatesigningrequests');
		if (!resource) return fail('the server doesn\'t have a resource type "certificatesigningrequests"');
		const print = await operationPrinter(kube);
		const { infos, faults } = hasFiles(kube) ? await fileInfos(kube, false) : { infos: [], faults: [] };
		const targets = [...infos, ...run.args.map((name) => ({ resource, namespace: undefined, name }))];
		for (const target of targets) {
			try {
				for (const request of fetch(kube, target)) {
					const next = decided(kube, request, decision);
					const result = next === request ? { value: request } : api.updateStatus(next);
					if (result.error) raiseStatus(result.error);
					print(resource, request.metadata.name, result.value, decision.operation);
				}
			} catch (fault) {
				faults.push(caughtFault(fault));
			}
		}
		raise(faults);
		return 0;
	};

const FLAGS: readonly Flag[] = [
	...FILE_FLAGS,
	...PRINT_FLAGS,
	{ name: 'force', type: 'bool', usage: 'Update the CSR even if it is already approved or denied.' },
];

export const certificateCommand: Command = {
	name: 'certificate',
	use: 'SUBCOMMAND',
	short: 'Modify certificate resources.',
	// Whatever stands behind it, it gives its help.
	async run({ call, help }) {
		call.out(help());
		return 0;
	},
	commands: [
		{
			name: 'approve',
			use: '(-f FILENAME | NAME)',
			short: 'Approve a certificate signing request',
			flags: FLAGS,
			run: command(decide(APPROVE)),
		},
		{
			name: 'deny',
			use: '(-f FILENAME | NAME)',
			short: 'Deny a certificate signing request',
			flags: FLAGS,
			run: command(decide(DENY)),
		},
	],
};
