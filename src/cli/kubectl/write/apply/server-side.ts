/**
 * `kubectl apply --server-side`: the server merges what the file declares, and keeps who owns which field.
 *
 * Source: kubernetes staging/src/k8s.io/kubectl/pkg/cmd/apply/apply.go @ v0.24.0; from 1.26 on it also hands over what
 * `kubectl apply` owned.
 */
import { adoptClientSide, serverSideApply } from '../../../../sim/api/managed/index.ts';
import { type Kube, managerOf, warn } from '../../kube.ts';
import { kubectlMinor } from '../../releases.ts';
import { statusFault, textFault } from '../faults.ts';
import { type FileInfo, serverValidates, validationOf } from '../infos.ts';
import type { DryRun } from '../output.ts';
import { type Applied, Refused } from './applied.ts';
import { warnIfDeleting } from './client-side.ts';

/** The minor of kubectl that began to. */
const HANDS_OVER = 26;

const RESOLVE = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`;

export async function applyThere(kube: Kube, info: FileInfo, dry: DryRun): Promise<Applied> {
	const { generateName } = (info.object.metadata ?? {}) as { readonly generateName?: string };
	if (info.name === '') throw new Refused(textFault(`from ${generateName}: cannot use generate name with apply`));
	const options = {
		manager: managerOf(kube.run),
		force: kube.run.flags.on('force-conflicts'),
		dryRun: dry === 'server',
		fieldValidation: serverValidates(kube) ? validationOf(kube) : 'Ignore',
	} as const;
	let result = serverSideApply(kube.api, info.object, options);
	// What the file no longer declares goes only now, in a second round.
	if (
		!result.error &&
		dry === 'none' &&
		kubectlMinor(kube.run.call.lab) >= HANDS_OVER &&
		adoptClientSide(kube.api, info.resource, result.value, options.manager)
	)
		result = serverSideApply(kube.api, info.object, options);
	warn(kube, result.warnings);
	if (result.error)
		throw new Refused(
			result.error.reason === 'Conflict' ? textFault(`${result.error.message}\n${RESOLVE}`) : statusFault(result.error),
		);
	warnIfDeleting(kube, result.value);
	return { object: result.value, operation: 'serverside-applied' };
}
