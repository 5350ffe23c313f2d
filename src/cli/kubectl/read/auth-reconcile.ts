/**
 * `kubectl auth reconcile`: roles and bindings get what a file's have, and keep what they had.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/auth/reconcile.go, component-helpers/auth/rbac/reconciliation
 * @ v0.28.0.
 */
import { type ApiInput, type ApiObject, equal, isRecord, type Resource } from '../../../sim/api/index.ts';
import type { Command } from '../../cobra/index.ts';
import { FILE_FLAGS } from '../files.ts';
import { command, fail, type Kube, refuse } from '../kube.ts';
import { type Fields, PRINT_FLAGS, subs, text } from '../print/index.ts';
import { fileInfos, hasFiles } from '../write/infos.ts';
import { DRY_RUN, dryRunOf, operationPrinter } from '../write/output.ts';

const KINDS = ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'];

const goList = (list: unknown): string => `[${Array.isArray(list) ? list.join(' ') : ''}]`;

/** A rule or a subject as Go's `%+v` has it. */
function goText(item: Fields, isRule: boolean): string {
	if (isRule)
		return `{Verbs:${goList(item.verbs)} APIGroups:${goList(item.apiGroups)} Resources:${goList(item.resources)} ResourceNames:${goList(item.resourceNames)} NonResourceURLs:${goList(item.nonResourceURLs)}}`;
	const group = text(item, 'apiGroup') || (text(item, 'kind') === 'ServiceAccount' ? '' : 'rbac.authorization.k8s.io');
	return `{Kind:${text(item, 'kind')} APIGroup:${group} Name:${text(item, 'name')} Namespace:${text(item, 'namespace')}}`;
}

const same = (a: Fields, b: Fields, isRule: boolean): boolean =>
	isRule ? equal(a, b) : goText(a, false) === goText(b, false);

/** Brings one object about. */
function reconcile(kube: Kube, resource: Resource, wanted: ApiInput, dry: boolean): readonly [ApiInput, string[]] {
	const { api } = kube;
	const name = text(wanted, 'metadata', 'name');
	const namespace = resource.namespaced ? text(wanted, 'metadata', 'namespace') || kube.namespace : undefined;
	const isRule = resource.kind.endsWith('Role');
	const field = isRule ? 'rules' : 'subjects';
	const asked = subs(wanted, field);
	const said: string[] = [];
	const done = (result: ReturnType<typeof api.create>): ApiObject =>
		result.error ? refuse(result.error) : result.value;
	const list = (title: string, items: readonly Fields[]): void => {
		if (items.length > 0) said.push(`\t${title}:`, ...items.map((item) => `\t\t${goText(item, isRule)}`));
	};
	const old = api.get(resource, namespace, name);
	const metadata = { ...(isRecord(wanted.metadata) ? wanted.metadata : {}), ...(namespace ? { namespace } : {}) };
	const fresh = { ...wanted, metadata };
	if (!old) {
		said.push('\treconciliation required create');
		list(`missing ${field} added`, asked);
		if (dry) return [fresh, said];
		const spaces = api.find('namespaces')!;
		if (namespace && !api.get(spaces, undefined, namespace))
			done(api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }));
		return [done(api.create(fresh)), said];
	}
	// A binding cannot be of another role: it is made again.
	if (!isRule && text(old, 'roleRef', 'name') !== text(wanted, 'roleRef', 'name')) {
		said.push('\treconciliation required recreate');
		if (dry) return [fresh, said];
		const gone = api.delete(resource, namespace, name);
		if (gone.error) refuse(gone.error);
		return [done(api.create(fresh)), said];
	}
	const have = subs(old, field);
	const removes = kube.run.flags.on(isRule ? 'remove-extra-permissions' : 'remove-extra-subjects');
	const missing = asked.filter((item) => !have.some((one) => same(one, item, isRule)));
	const extra = have.filter((item) => !asked.some((one) => same(one, item, isRule)));
	const next = { ...old, [field]: [...(removes ? have.filter((one) => !extra.includes(one)) : have), ...missing] };
	if (missing.length === 0 && (!removes || extra.length === 0)) return [old, said];
	said.push('\treconciliation required update');
	list(`missing ${field} added`, missing);
	if (removes) list(`extra ${field} removed`, extra);
	return [dry ? next : done(api.update(next)), said];
}

async function run(kube: Kube): Promise<number> {
	if (!hasFiles(kube)) return fail('must specify one of -f and -k');
	if (kube.run.args.length > 0) return fail('no arguments are allowed');
	const dry = dryRunOf(kube.run);
	if (dry === 'server') return fail('--dry-run=server for command reconcile is not supported yet');
	const print = await operationPrinter(kube, dry);
	const { infos, faults } = await fileInfos(kube, false);
	for (const { resource, name, object } of infos) {
		if (!KINDS.includes(resource.kind) || !object) continue;
		const [shown, said] = reconcile(kube, resource, object, dry === 'client');
		print(resource, name, shown, 'reconciled');
		for (const line of said) kube.run.call.err(`${line}\n`);
	}
	if (faults.length > 0) throw faults[0];
	return 0;
}

export const reconcileCommand: Command = {
	name: 'reconcile',
	use: '-f FILENAME',
	short: 'Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects',
	long: "Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects.\n\n Missing objects are created, and the containing namespace is created for namespaced objects, if required.\n\n Existing roles are updated to include the permissions in the input objects, and remove extra permissions if --remove-extra-permissions is specified.\n\n Existing bindings are updated to include the subjects in the input objects, and remove extra subjects if --remove-extra-subjects is specified.\n\n This is preferred to 'apply' for RBAC resources so that semantically-aware merging of rules and subjects is done.",
	example: '  # Reconcile RBAC resources from a file\n  kubectl auth reconcile -f my-rbac-rules.yaml',
	flags: [
		...FILE_FLAGS,
		...PRINT_FLAGS,
		DRY_RUN,
		{
			name: 'remove-extra-permissions',
			type: 'bool',
			usage: 'If true, removes extra permissions added to roles',
		},
		{
			name: 'remove-extra-subjects',
			type: 'bool',
			usage: 'If true, removes extra subjects added to rolebindings',
		},
	],
	run: command(run),
};
