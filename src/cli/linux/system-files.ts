/** Files of a Debian or an Ubuntu that nobody changed: who is known there, which system it is, which shells there are. */
import type { MadeFile } from '../shell/index.ts';

/** Of base-passwd, and systemd's. */
const PEOPLE = `root:x:0:0:root:/root:/bin/bash
daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin
bin:x:2:2:bin:/bin:/usr/sbin/nologin
sys:x:3:3:sys:/dev:/usr/sbin/nologin
sync:x:4:65534:sync:/bin:/bin/sync
games:x:5:60:games:/usr/games:/usr/sbin/nologin
man:x:6:12:man:/var/cache/man:/usr/sbin/nologin
lp:x:7:7:lp:/var/spool/lpd:/usr/sbin/nologin
mail:x:8:8:mail:/var/mail:/usr/sbin/nologin
news:x:9:9:news:/var/spool/news:/usr/sbin/nologin
uucp:x:10:10:uucp:/var/spool/uucp:/usr/sbin/nologin
proxy:x:13:13:proxy:/bin:/usr/sbin/nologin
www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin
backup:x:34:34:backup:/var/backups:/usr/sbin/nologin
list:x:38:38:Mailing List Manager:/var/list:/usr/sbin/nologin
irc:x:39:39:ircd:/run/ircd:/usr/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin
_apt:x:100:65534::/nonexistent:/usr/sbin/nologin
systemd-network:x:101:102:systemd Network Management,,,:/run/systemd:/usr/sbin/nologin
systemd-resolve:x:102:103:systemd Resolver,,,:/run/systemd:/usr/sbin/nologin
messagebus:x:103:104::/nonexistent:/usr/sbin/nologin
systemd-timesync:x:104:105:systemd Time Synchronization,,,:/run/systemd:/usr/sbin/nologin
`;

const GROUPS =
	'root:0 daemon:1 bin:2 sys:3 adm:4 tty:5 disk:6 lp:7 mail:8 news:9 uucp:10 man:12 proxy:13 kmem:15 dialout:20 fax:21 voice:22 cdrom:24 floppy:25 tape:26 sudo:27 audio:29 dip:30 www-data:33 backup:34 operator:37 list:38 irc:39 src:40 shadow:42 utmp:43 video:44 sasl:45 plugdev:46 staff:50 games:60 users:100 nogroup:65534 systemd-journal:101 systemd-network:102 systemd-resolve:103 messagebus:104 systemd-timesync:105'.split(
		' ',
	);

const UBUNTU: Readonly<Record<string, readonly [code: string, word: string]>> = {
	'21.04': ['hirsute', 'Hirsute Hippo'],
	'21.10': ['impish', 'Impish Indri'],
	'22.04': ['jammy', 'Jammy Jellyfish'],
};

/** Whole text of /etc/os-release by what `PRETTY_NAME` says (base-files). */
export function osReleaseText(pretty: string): string {
	const [, debian, word] = /^Debian GNU\/Linux (\d+) \((\w+)\)/.exec(pretty) ?? [];
	if (debian !== undefined)
		return `PRETTY_NAME="${pretty}"\nNAME="Debian GNU/Linux"\nVERSION_ID="${debian}"\nVERSION="${debian} (${word})"\nVERSION_CODENAME=${word}\nID=debian\nHOME_URL="https://www.debian.org/"\nSUPPORT_URL="https://www.debian.org/support"\nBUG_REPORT_URL="https://bugs.debian.org/"\n`;
	const [, number = ''] = /^Ubuntu (\d+\.\d+)/.exec(pretty) ?? [];
	const [code, name] = UBUNTU[number] ?? ['', ''];
	const lts = /LTS/.test(pretty) ? ' LTS' : '';
	return `PRETTY_NAME="${pretty}"\nNAME="Ubuntu"\nVERSION_ID="${number}"\nVERSION="${pretty.replace(/^Ubuntu | LTS$/g, '')}${lts} (${name})"\nVERSION_CODENAME=${code}\nID=ubuntu\nID_LIKE=debian\nHOME_URL="https://www.ubuntu.com/"\nSUPPORT_URL="https://help.ubuntu.com/"\nBUG_REPORT_URL="https://bugs.launchpad.net/ubuntu/"\nPRIVACY_POLICY_URL="https://www.ubuntu.com/legal/terms-and-policies/privacy-policy"\nUBUNTU_CODENAME=${code}\n`;
}

/** By path. `people`: who is there beside the system's own, as lines of /etc/passwd. */
export function systemFiles(pretty: string, people: string): Record<string, MadeFile> {
	const passwd = PEOPLE + people;
	const [learner] = people.split(':');
	const own = learner ? [`${learner}:x:1000:\n`, `docker:x:998:${learner}\n`] : [];
	const group = GROUPS.map((entry) => {
		const [name = '', number = ''] = entry.split(':');
		return `${name}:x:${number}:${learner && name === 'sudo' ? learner : ''}\n`;
	});
	const ubuntu = /^Ubuntu (\d+\.\d+)/.exec(pretty)?.[1];
	const out: Record<string, MadeFile> = {
		'/etc/passwd': () => passwd,
		'/etc/group': () => [...group, ...own].join(''),
		'/etc/shadow': Object.assign(
			() =>
				passwd
					.split('\n')
					.filter(Boolean)
					.map((line) => `${line.split(':')[0]}:*:19236:0:99999:7:::\n`)
					.join(''),
			{ mode: 0o640, group: 'shadow' },
		),
		'/etc/os-release': () => osReleaseText(pretty),
		'/etc/issue': () => `${pretty} \\n \\l\n\n`,
		'/etc/shells': () =>
			'# /etc/shells: valid login shells\n/bin/sh\n/bin/bash\n/usr/bin/bash\n/bin/rbash\n/usr/bin/rbash\n/usr/bin/sh\n/bin/dash\n/usr/bin/dash\n',
		'/etc/debian_version': () =>
			ubuntu === undefined
				? `${/ (\d+) /.exec(pretty)?.[1] ?? '12'}.5\n`
				: ubuntu === '22.04'
					? 'bookworm/sid\n'
					: 'bullseye/sid\n',
		'/etc/timezone': () => 'Etc/UTC\n',
	};
	if (ubuntu !== undefined)
		out['/etc/lsb-release'] = () =>
			`DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=${ubuntu}\nDISTRIB_CODENAME=${UBUNTU[ubuntu]?.[0] ?? ''}\nDISTRIB_DESCRIPTION="${pretty}"\n`;
	return out;
}
