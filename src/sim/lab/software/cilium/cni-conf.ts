/** The agent's configuration of the CNI plugin, in /etc/cni/net.d. Source: plugins/cilium-cni @ v1.12.1; daemon/cmd/cni @ v1.14.13. */

/** Its file's name; a list from 1.14 on. */
export const confName = (minor: number): string => (minor <= 13 ? '05-cilium.conf' : '05-cilium.conflist');

/** Whether a file is the agent's, of whatever version. */
export const OWN_CONF = /^05-cilium\.conf/;

export const confText = (minor: number): string => {
	const plugin = { type: 'cilium-cni', 'enable-debug': false, 'log-file': '/var/run/cilium/cilium-cni.log' };
	const value =
		minor <= 13
			? { cniVersion: '0.3.1', name: 'cilium', ...plugin }
			: { cniVersion: '0.3.1', name: 'cilium', plugins: [plugin] };
	return `${JSON.stringify(value, null, 2)}\n`;
};
