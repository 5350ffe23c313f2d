/** What `later.ts` fetches. */
import type { ClusterContext } from '../cluster/context.ts';
import { apiServiceController } from './api-services.ts';
import { autoscalerController } from './autoscaler.ts';
import { bootstrapSignerController, tokenCleanerController } from './bootstrap-tokens.ts';
import { cronJobController } from './cron-job.ts';
import { disruptionController } from './disruption.ts';
import { endpointSliceMirroringController } from './endpoint-slice-mirroring.ts';
import { jobController } from './job/index.ts';
import type { Controller } from './loop.ts';
import { replicationController } from './replica-set.ts';
import { signingController } from './signing.ts';
import { statefulSetController } from './stateful-set/index.ts';
import { tokenSecretController } from './token-secrets.ts';
import { claimController } from './volumes/binder.ts';
import { ephemeralVolumeController } from './volumes/ephemeral.ts';
import { volumeController } from './volumes/volume.ts';

/** What Cilium's operator does with pools of addresses. */
export { giveAddresses } from '../software/cilium/lb-ipam.ts';

export const PEOPLES_CONTROLLERS: readonly ((cluster: ClusterContext) => Controller)[] = [
	apiServiceController,
	claimController,
	volumeController,
	ephemeralVolumeController,
	statefulSetController,
	replicationController,
	endpointSliceMirroringController,
	jobController,
	cronJobController,
	disruptionController,
	autoscalerController,
	tokenSecretController,
	signingController,
	bootstrapSignerController,
	tokenCleanerController,
];
