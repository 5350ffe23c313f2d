/**
 * `kubectl set subject`: users, groups and service accounts of a role binding.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/set/set_subject.go @ v0.24.0.
 */
import { type Draft, equal, type Json } from '../../../../sim/api/index.ts';
import type { Command } from '../../../cobra/index.ts';
import { command, fail, type Kube, warn } from '../../kube.ts';
import { subs } from '../../print/index.ts';
import { completeTargets } from '../../targets.ts';
import { type Fault, raise, textFault } from '../faults.ts';
import { infosOf } from '../infos.ts';
import { dryRunOf, operationPrinter } from '../output.ts';
import { SET_FLAGS } from './template.ts';

const GROUP = 'rbac.authorization.k8s.io';

const sorted = (list: readonly string[]): readonly string[] => [...new Set(list)].sort();

async function setSubject(kube: Kube): Promise<number> {
	const { flags, args } = kube.run;
	const local = flags.on('local');
	const dry = dryRunOf(kube.run);
	const print = await operationPrinter(kube, dry);
	const { infos, faults } = await infosOf(kube, { args, verb: 'set', bareKind: flags.on('all') });
	raise(faults);
	if (local && dry === 'server')
		return fail('cannot specify --local and --dry-run=server - did you mean --dry-run=client?');
	if (flags.on('all') && flags.text('selector')) return fail('cannot set --all and --selector at the same time');
	const [users, groups, accounts] = (['user', 'group', 'serviceaccount'] as const).map((name) =>
		sorted(flags.list(name)),
	) as [readonly string[], readonly string[], readonly string[]];
	if (users.length + groups.length + accounts.length === 0)
		return fail('you must specify at least one value of user, group or serviceaccount');
	const parts = accounts.map((text) => {
		const [namespace = '', name = '', more] = text.split(':');
		if (name === '' || more !== undefined) return fail('serviceaccount must be <namespace>:<name>');
		if (namespace === '' && infos.some(({ resource }) => resource.kind === 'ClusterRoleBinding'))
			return fail('serviceaccount must be <namespace>:<name>, namespace must be specified');
		return { kind: 'ServiceAccount', name, namespace: namespace || kube.namespace };
	});
	const wanted: readonly Draft[] = [
		...users.map((name) => ({ apiGroup: GROUP, kind: 'User', name })),
		...groups.map((name) => ({ apiGroup: GROUP, kind: 'Group', name })),
		...parts,
	];
	const failed: Fault[] = [];
	for (const { resource, namespace, name, object } of infos) {
		if (resource.kind !== 'RoleBinding' && resource.kind !== 'ClusterRoleBinding') {
			failed.push(
				textFault(
					`error: ${resource.plural}/${name} setting subjects is only supported for RoleBinding/ClusterRoleBinding\n`,
				),
			);
			continue;
		}
		const had = subs(object, 'subjects');
		const fresh = wanted.filter((subject) => !had.some((other) => equal(other, subject)));
		if (fresh.length === 0) continue;
		const subjects = [...had, ...fresh];
		if (local || dry === 'client') {
			print(resource, name, { ...object, subjects }, 'subjects updated');
			continue;
		}
		const result = kube.api.patch(
			resource,
			namespace,
			name,
			'application/strategic-merge-patch+json',
			{ subjects: subjects as unknown as Json },
			{ dryRun: dry === 'server' },
		);
		warn(kube, result.warnings);
		if (result.error) failed.push(textFault(`failed to patch subjects to rolebinding: ${result.error.message}`));
		else print(resource, name, result.value, 'subjects updated');
	}
	raise(failed);
	return 0;
}

export const setSubjectCommand: Command = {
	name: 'subject',
	use: '(-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]',
	short: 'Update the user, group, or service account in a role binding or cluster role binding',
	long: 'Update the user, group, or service account in a role binding or cluster role binding.',
	example: `  # Update a cluster role binding for serviceaccount1
  kubectl set subject clusterrolebinding admin --serviceaccount=namespace:serviceaccount1

  # Update a role binding for user1, user2, and group1
  kubectl set subject rolebinding admin --user=user1 --user=user2 --group=group1

  # Print the result (in YAML format) of updating rolebinding subjects from a local, without hitting the server
  kubectl create rolebinding admin --role=admin --user=admin -o yaml --dry-run=client | kubectl set subject --local -f - --user=foo -o yaml`,
	flags: [
		...SET_FLAGS.filter(({ name }) => name !== 'record'),
		{ name: 'user', type: 'array', usage: 'Usernames to bind to the role' },
		{ name: 'group', type: 'array', usage: 'Groups to bind to the role' },
		{ name: 'serviceaccount', type: 'array', usage: 'Service accounts to bind to the role' },
	],
	run: command(setSubject),
	complete: completeTargets,
};
