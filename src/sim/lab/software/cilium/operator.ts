/**
 * cilium-operator: one of its pods leads. It registers the CRDs, hands out pod CIDRs in mode cluster-pool, marks nodes
 * whose agent is ready, and clears up after nodes that are gone.
 *
 * Source: cilium operator/main.go, operator/cmd, pkg/k8s/client/init.go (leader election), pkg/ipam/allocator/podcidr,
 * operator/watchers/node_taint.go @ v1.12.1, v1.17.5.
 */
import { type ApiObject, asManager, type CiliumFeature, ciliumDefinitions } from '../../../api/index.ts';
import { parsePrefix } from '../../../wire/index.ts';
import { type ConfigMap, one } from '../../cluster/kinds.ts';
import { onceLoaded } from '../../controllers/later.ts';
import { minorOf } from '../../machine/node-images.ts';
import { MILLISECOND, SECOND } from '../../time.ts';
import type { Program, ProgramContext } from '../program.ts';
import { releaseOfImage, versionOfImage } from './agent-config.ts';
import { connectApi } from './connect-api.ts';
import { elect, giveUp } from './election.ts';
import { collectIdentities } from './identity-gc.ts';
import { assignCidrs, tendNodes } from './operator-nodes.ts';
import { validatePolicies } from './policy-valid.ts';
import { say } from './say.ts';
import { watchUnmanaged } from './unmanaged.ts';

/** Definitions of an older schema are replaced. */
const SCHEMA = 'io.cilium.k8s.crd.schema.version';

export const operator: Program = {
	entrypoint: ['cilium-operator-generic'],
	stops: [100 * MILLISECOND, 600 * MILLISECOND],
	start(context) {
		const begin = (): void => {
			connectApi(
				context,
				'operatorClient',
				() => {
					context.healthy();
					elect(context, runLeader);
				},
				(error) => {
					if (minor <= 12)
						say(context, 'fatal', 'operator', 'Unable to connect to Kubernetes apiserver', {
							error: `unable to create k8s client: ${error}`,
						});
					else say(context, 'fatal', 'operator', `failed to start: ${error}`);
					context.exit(1);
				},
			);
		};
		const release = releaseOfImage(context.container.image);
		const minor = minorOf(versionOfImage(context.container.image));
		if (minor <= 17) say(context, 'info', 'operator', `Cilium Operator ${release}`);
		else say(context, 'info', 'operatorStart', 'Cilium Operator', { version: release });
		context.after(context.between(300 * MILLISECOND, 1200 * MILLISECOND, 'start'), begin);
		return (how) => {
			if (how === 'term') giveUp(context);
		};
	},
};

function runLeader(context: ProgramContext): void {
	const { cluster, pod } = context;
	const api = asManager(cluster.api, 'cilium-operator-generic');
	const version = versionOfImage(context.container.image);
	const minor = minorOf(version);
	context.after(context.between(400 * MILLISECOND, 1500 * MILLISECOND, 'crds'), () => {
		const config = one<ConfigMap>(api, 'configmaps', pod.metadata.namespace, 'cilium-config')?.data ?? {};
		for (const definition of ciliumDefinitions(version, featuresOf(config))) {
			const crd = definition as unknown as ApiObject & {
				readonly spec: {
					readonly names: { readonly kind: string };
					readonly versions: readonly { readonly name: string }[];
				};
			};
			const old = one<ApiObject>(api, 'customresourcedefinitions', undefined, crd.metadata.name);
			const name = minor <= 13 ? `${crd.spec.names.kind}/${crd.spec.versions[0]?.name}` : crd.metadata.name;
			if (!old) {
				say(context, 'info', 'operatorCrds', 'Creating CRD (CustomResourceDefinition)...', { name });
				api.create(definition);
			} else if (old.metadata.labels?.[SCHEMA] !== crd.metadata.labels?.[SCHEMA]) {
				say(context, 'info', 'operatorCrds', 'Updating CRD (CustomResourceDefinition)...', { name });
				api.update({ ...definition, metadata: { ...old.metadata, labels: crd.metadata.labels } });
			}
			say(context, 'info', 'operatorCrds', 'CRD (CustomResourceDefinition) is installed and up-to-date', { name });
		}
		const pools = (config['cluster-pool-ipv4-cidr'] ?? '10.0.0.0/8')
			.split(/[ ,]+/)
			.map((text) => parsePrefix(text))
			.filter((p) => p !== undefined);
		const mask = Number(config['cluster-pool-ipv4-mask-size'] ?? 24);
		const work = (): void => {
			pending = false;
			if (config.ipam === 'cluster-pool') assignCidrs(context, pools, mask);
			tendNodes(context, config, minor);
		};
		let pending = false;
		const soon = (): void => {
			if (pending) return;
			pending = true;
			context.after(context.between(50 * MILLISECOND, 400 * MILLISECOND, 'work'), work);
		};
		context.watch(({ object }) => {
			if (object.kind === 'CiliumNode' || object.kind === 'Node') soon();
			else if (object.kind === 'Pod' && object.metadata.labels?.['k8s-app'] === 'cilium') soon();
		});
		soon();
		collectIdentities(context, config);
		onceLoaded(({ giveAddresses }) => context.after(0, () => giveAddresses(context, minor)));
		validatePolicies(context, minor);
		watchUnmanaged(context, interval(config['unmanaged-pod-watcher-interval']));
	});
}

/** Options of cilium-config that bring CRDs of their own. */
const FEATURES: readonly (readonly [option: string, feature: CiliumFeature])[] = [
	['enable-bgp-control-plane', 'bgp'],
	['enable-ipv4-egress-gateway', 'egress-gateway'],
	// Its name from 1.18 on.
	['enable-egress-gateway', 'egress-gateway'],
	['enable-local-redirect-policy', 'local-redirect-policy'],
	['enable-envoy-config', 'envoy-config'],
	['enable-gateway-api', 'gateway-api'],
	['enable-cilium-endpoint-slice', 'endpoint-slice'],
];

const featuresOf = (config: Readonly<Record<string, string>>): readonly CiliumFeature[] =>
	FEATURES.filter(([option]) => config[option] === 'true').map(([, feature]) => feature);

/** A number of seconds up to 1.18, a duration of Go after; fifteen seconds when it is neither. */
function interval(text = '15'): number {
	const m = /^(\d+)(s|m)?$/.exec(text);
	return m ? Number(m[1]) * (m[2] === 'm' ? 60 : 1) * SECOND : 15 * SECOND;
}
