/**
 * Profiles of AppArmor. kind's nodes see no securityfs, so that their kubelets take AppArmor for switched off: who asks for
 * a profile does not run.
 *
 * Source: kubernetes pkg/security/apparmor/{validate,validate_disabled,helpers}.go @ v1.24.0 and v1.31.0; runc
 * libcontainer/apparmor/apparmor_linux.go isEnabled() @ v1.1.2.
 */
import { isRecord } from '../../api/index.ts';
import type { Pod } from '../cluster/kinds.ts';

const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';

/** The profile in the security context of a pod or container; the server takes no such field before 1.30. */
const typeIn = (of: object): unknown => {
	const { securityContext } = of as { readonly securityContext?: unknown };
	const profile = isRecord(securityContext) ? securityContext.appArmorProfile : undefined;
	return isRecord(profile) ? profile.type : undefined;
};

/** What a kubelet says of a pod that is to be confined; undefined of others. */
export function appArmorFault({ metadata, spec }: Pod): string | undefined {
	const noted = metadata.annotations ?? {};
	const asks = [...(spec.initContainers ?? []), ...spec.containers].some((container) => {
		const type = typeIn(container) ?? typeIn(spec);
		if (type !== undefined) return type !== 'Unconfined';
		return !['', 'unconfined'].includes(noted[ANNOTATION + container.name] ?? '');
	});
	return asks ? 'Cannot enforce AppArmor: AppArmor is not enabled on the host' : undefined;
}
