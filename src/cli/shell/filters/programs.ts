/** Which of the lab's programs read standard input, by their words: only those wait for a pipe's writer. */

/** Words of a script with which it may read. */
const READS =
	/(?:^|[\s;|&(])(?:cat|grep|egrep|sed|awk|sort|head|tail|wc|tr|cut|tee|read|xargs|jq|yq|uniq|mapfile|bash|sh|md5sum|sha256sum|base64|apply|nc)(?:$|[\s;|&)])|(?:^|\s)-(?:$|\s)/;

/** `-i`, `-it`, `-ti` and `--stdin` of `exec`, `run` and `attach`, up to the command that is run there. */
function connects(args: readonly string[]): boolean {
	const end = args.indexOf('--');
	return args
		.slice(0, end < 0 ? undefined : end)
		.some((word) => /^-[a-z]*i[a-z]*$|^--(?:stdin|interactive)(?:=true)?$/.test(word));
}

/** `kubectl exec -i POD -- cat`: it is given on, to what does nothing else. A shell is typed into by itself. */
export const givesOn = (name: string, args: readonly string[]): boolean =>
	/^(?:docker|kubectl|k|oc)$/.test(name) &&
	connects(args) &&
	/ (?:--|\S+) (?:cat|tee|sort|wc|grep|tr|tac|base64|md5sum|sha256sum)(?: [^|;&]*)?$/.test(args.join(' '));

/** `-`, `--values=-`, `-d @-`, `-f-`, `/dev/stdin`. */
export const names = (args: readonly string[]): boolean =>
	args.some((word) => /^(?:-|@-|-[a-zA-Z]@?-|--?[\w-]+=@?-|.*\/dev\/stdin)$/.test(word));

/** Programs that read when their words say so, and never else. */
const BY_WORDS = new Set(
	`apt apt-get arp arping bpftool bridge cilium cilium-dbg cilium-health clear conntrack crictl ctr curl date dig fg helm help
	history host hostname hubble ifconfig ip ip6tables ip6tables-save iptables iptables-save jobs journalctl kill kind lsmod
	lsns mtr netstat nslookup pgrep pidof ping ps route sleep ss sysctl systemctl tc tcpdump top tracepath traceroute uname
	wait watch wget whoami yes
	alias basename bg caller chgrp chmod chown cp df dirname disown du expr find free groups id install kubeadm link ln
	logname ls lsb_release mkdir mktemp mv nproc printenv printf readlink realpath rm rmdir seq stat stty sync test times
	touch tput trap tree truncate tty ulimit umask unalias unlink uptime users who which true false busybox
	adduser addgroup groupadd useradd dpkg rpm containerd runc kubelet`.split(/\s+/),
);

/** Those of openssl that read what they work on. */
const READS_OPENSSL = /^(?:x509|req|rsa|ec|pkey|dgst|md5|sha\d+|enc|base64|verify|asn1parse|pkcs\w+|crl|s_client)$/;

export function programReads(name: string, args: readonly string[]): boolean {
	if (args[0] === '--help' || args[0] === '--version') return false;
	switch (name) {
		case 'openssl':
			return READS_OPENSSL.test(args[0] ?? '') && !args.includes('-in');
		case 'bash':
		case 'sh': {
			const flag = args.findIndex((word) => /^-[a-zA-Z]*c/.test(word));
			return flag < 0 || READS.test(args[flag + 1] ?? '');
		}
		case 'docker':
		case 'kubectl':
		case 'k':
		case 'oc':
			return (
				names(args) || (/\b(?:exec|run|attach|debug|node-shell)\b/.test(args.slice(0, 6).join(' ')) && connects(args))
			);
		case 'chroot':
		case 'nsenter':
			return READS.test(args.join(' '));
		case 'nc':
		case 'netcat':
			return !args.some((word) => /^-[a-y]*z/.test(word));
		default:
			return !BY_WORDS.has(name) || names(args);
	}
}
