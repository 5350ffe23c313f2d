import { type ApiInput, isRecord } from '../../../sim/api/index.ts';

/**
 * An object as it is sent to be made: without the version it had where it was read, so that what `kubectl get -o yaml`
 * printed can be made again.
 *
 * Source: kubernetes staging/src/k8s.io/cli-runtime/pkg/resource/helper.go CreateWithOptions (modify) @ v0.24.0.
 */
export function fresh<T extends ApiInput>(object: T): T {
	if (!isRecord(object.metadata) || !('resourceVersion' in object.metadata)) return object;
	const { resourceVersion: _, ...metadata } = object.metadata;
	return { ...object, metadata };
}
