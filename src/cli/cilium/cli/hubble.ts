/** `cilium hubble`: Relay and UI switched on and off, and reached. Source: cilium-cli hubble/{hubble,relay,ui}.go @ v0.12.2, v0.15.14. */
import type { Values } from '../../../sim/charts/index.ts';
import type { Command, Run } from '../../cobra/index.ts';
import type { Client } from '../../kube/index.ts';
import { forwardPorts } from '../../kubectl/forward/session.ts';
import { RELAY_PORT, relayPod } from '../relay.ts';
import { deployed, upgradeRelease, withCluster, withValues } from './common.ts';
import { readState } from './helm-state.ts';
import { disableHubble, enableHubble } from './hubble-classic.ts';
import { cliRelease } from './release.ts';

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
		if (!cliRelease(call.lab).helm) {
			const failed = await enableHubble(run, client, spaceOf(run));
			return failed === undefined ? 0 : `Unable to enable Hubble: ${failed}`;
		}
		const values: Values = {
			hubble: { enabled: true, relay: { enabled: flags.on('relay') }, ui: { enabled: flags.on('ui') } },
		};
		return (await change(run, client, values, 'enable')) ?? 0;
	}),
};

const disable: Command = {
	name: 'disable',
	short: 'Disable Hubble observability',
	run: withCluster(async (run, client) => {
		if (!cliRelease(run.call.lab).helm) {
			const state = readState(client, spaceOf(run));
			if ('error' in state) return `Unable to disable Hubble:  ${state.error}`;
			disableHubble(run, client, spaceOf(run), state);
			return 0;
		}
		const off: Values = { hubble: { enabled: false, relay: { enabled: false }, ui: { enabled: false } } };
		return (await change(run, client, off, 'disable')) ?? 0;
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

/** It forwards a port to the UI and opens a browser, which a lab has not. */
const ui: Command = {
	name: 'ui',
	short: 'Open the Hubble UI',
	flags: [{ name: 'port-forward', type: 'int', default: '12000', usage: 'Local port to use for the port forward' }],
	run: withCluster(async (run, client) =>
		client.api.get(client.api.find('services')!, spaceOf(run), 'hubble-ui')
			? 'the simulator has no browser for the Hubble UI: "hubble observe" shows its flows'
			: 'Unable to port forward:  failed to port forward: services "hubble-ui" not found',
	),
};

export const hubble: Command = {
	name: 'hubble',
	short: 'Hubble observability',
	commands: [disable, enable, portForward, ui],
};
