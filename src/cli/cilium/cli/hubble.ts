/** `cilium hubble`: Relay and UI switched on and off, and reached. Source: cilium-cli hubble/{hubble,relay,ui}.go @ v0.12.2, v0.15.14. */
import type { Values } from '../../../sim/charts/index.ts';
import type { Command, Run } from '../../cobra/index.ts';
import type { Client } from '../../kube/index.ts';
import { forwardPorts } from '../../kubectl/forward/session.ts';
import { RELAY_PORT, relayPod } from '../relay.ts';
import { deployed, upgradeRelease, withCluster, withValues } from './common.ts';
import { cliRelease } from './release.ts';
import { inspectStatus, isHealthy } from './state.ts';

const LOCALHOST = 0x7f000001;

const spaceOf = ({ flags }: Run): string => flags.text('namespace') || 'kube-system';

async function change(run: Run, client: Client, values: Values, what: string): Promise<string | undefined> {
	const last = deployed(client, spaceOf(run));
	if (!last) return `Unable to ${what} Hubble:  "cilium" has no deployed releases`;
	const failed = upgradeRelease(run, client, last, withValues(last, values));
	return failed === undefined ? undefined : `Unable to ${what} Hubble: ${failed}`;
}

const enable: Command = {
	name: 'enable',
	short: 'Enable Hubble observability',
	flags: [
		{ name: 'relay', type: 'bool', default: 'true', usage: 'Deploy Hubble Relay' },
		{ name: 'ui', type: 'bool', usage: 'Enable Hubble UI' },
		{ name: 'wait', type: 'bool', default: 'true', usage: 'Wait for status to report success (no errors)' },
		{ name: 'wait-duration', type: 'duration', default: '15m0s', usage: 'Maximum time to wait for status' },
	],
	run: withCluster(async (run, client) => {
		const { call, flags } = run;
		const classic = !cliRelease(client.cluster).helm;
		if (classic) call.out('🔑 Found CA in secret cilium-ca\n✨ Patching ConfigMap cilium-config to enable Hubble...\n');
		const values: Values = {
			hubble: { enabled: true, relay: { enabled: flags.on('relay') }, ui: { enabled: flags.on('ui') } },
		};
		const failed = await change(run, client, values, 'enable');
		if (failed !== undefined) return failed;
		if (!classic) return 0;
		if (flags.on('relay')) call.out('✨ Deploying Relay from quay.io/cilium/hubble-relay...\n');
		if (flags.on('ui')) call.out('✨ Deploying Hubble UI and Hubble UI Backend...\n');
		if (flags.on('wait')) {
			call.out('⌛ Waiting for Hubble to be installed...\n');
			if (!(await call.until(() => isHealthy(inspectStatus(client, spaceOf(run))), flags.duration('wait-duration'))))
				return 'Unable to enable Hubble:  timeout while waiting for status to become successful: context deadline exceeded';
		}
		call.out('✅ Hubble was successfully enabled!\n');
		return 0;
	}),
};

const disable: Command = {
	name: 'disable',
	short: 'Disable Hubble observability',
	run: withCluster(async (run, client) => {
		const { call } = run;
		const classic = !cliRelease(client.cluster).helm;
		if (classic) call.out('🔥 Deleting Relay...\n✨ Patching ConfigMap cilium-config to disable Hubble...\n');
		const off: Values = { hubble: { enabled: false, relay: { enabled: false }, ui: { enabled: false } } };
		const failed = await change(run, client, off, 'disable');
		if (failed !== undefined) return failed;
		if (classic) call.out('✅ Hubble was successfully disabled.\n');
		return 0;
	}),
};

const portForward: Command = {
	name: 'port-forward',
	short: 'Forward the relay port to the local machine',
	flags: [{ name: 'port-forward', type: 'int', default: '4245', usage: 'Local port to forward to' }],
	run: withCluster(async (run, client) => {
		const { call, flags } = run;
		const namespace = spaceOf(run);
		const services = client.api.find('services')!;
		if (!client.api.get(services, namespace, 'hubble-relay'))
			return 'Unable to port forward:  failed to port forward: services "hubble-relay" not found';
		const pod = relayPod(client.cluster, namespace);
		if (!pod)
			return 'Unable to port forward:  failed to port forward: unable to forward port because pod is not running. Current status=Pending';
		const local = flags.number('port-forward');
		const ended = await forwardPorts(call, client.cluster, pod, {
			addresses: [{ host: '127.0.0.1', ip: LOCALHOST, local: false }],
			pairs: [{ local, remote: RELAY_PORT }],
			began: () => call.out(`ℹ️  Hubble Relay is available at 127.0.0.1:${local}\n`),
		});
		return `Unable to port forward:  ${ended}`;
	}),
};

export const hubble: Command = {
	name: 'hubble',
	short: 'Hubble observability',
	commands: [disable, enable, portForward],
};
