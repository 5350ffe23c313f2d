/**
 * What programs write for `--version`: by the release of the system they are of, as its packages have it, or busybox's
 * refusal. Programs that the lab has as tools of their own answer for themselves.
 */
import { contextOf, imageFacts, imageRelease, type Lab } from '../../../sim/lab/index.ts';
import type { Place } from '../../tool.ts';
import { imageAt } from '../images.ts';
import { usageOf } from './busybox-words.ts';

export interface Answer {
	readonly stdout: string;
	readonly stderr: string;
	readonly exitCode: number;
}

type Release =
	| 'Debian 10'
	| 'Debian 11'
	| 'Debian 12'
	| 'Ubuntu 18.04'
	| 'Ubuntu 20.04'
	| 'Ubuntu 21.10'
	| 'Ubuntu 22.04'
	| 'Ubuntu 24.04';

/** Versions of packages: bash, coreutils, grep, sed, tar, gzip, findutils, diffutils, util-linux, procps, dpkg, hostname. */
const PACKAGES: Readonly<Record<Release, string>> = {
	'Debian 10': '5.0.3 8.30 3.3 4.7 1.30 1.9 4.6.0.225-235f 3.7 2.33.1 3.3.15 1.19.8 3.21',
	'Debian 11': '5.1.4 8.32 3.6 4.7 1.34 1.10 4.8.0 3.7 2.36.1 3.3.17 1.20.12 3.23',
	'Debian 12': '5.2.15 9.1 3.8 4.9 1.34 1.12 4.9.0 3.8 2.38.1 4.0.2 1.21.22 3.23',
	'Ubuntu 18.04': '4.4.20 8.28 3.1 4.4 1.29 1.6 4.7.0-git 3.6 2.31.1 3.3.12 1.19.0.5 3.20',
	'Ubuntu 20.04': '5.0.17 8.30 3.4 4.7 1.30 1.10 4.7.0 3.7 2.34 3.3.16 1.19.7 3.23',
	'Ubuntu 21.10': '5.1.8 8.32 3.7 4.7 1.34 1.10 4.8.0 3.8 2.36.1 3.3.17 1.20.9 3.23',
	'Ubuntu 22.04': '5.1.16 8.32 3.7 4.8 1.34 1.10 4.8.0 3.8 2.37.2 3.3.17 1.21.1 3.23',
	'Ubuntu 24.04': '5.2.21 9.4 3.11 4.9 1.35 1.12 4.9.0 3.10 2.39.3 4.0.4 1.22.6 3.23',
};

/** Years of copyright that these versions write. */
const YEARS: Readonly<Record<string, string>> = {
	'bash 4.4.20': '2016',
	'bash 5.0.3': '2019',
	'bash 5.0.17': '2019',
	'bash 5.2.21': '2022',
	'coreutils 8.28': '2017',
	'coreutils 9.4': '2023',
	'grep 3.1': '2017',
	'grep 3.3': '2018',
	'grep 3.11': '2023',
	'sed 4.4': '2017',
	'tar 1.29': '2015',
	'tar 1.35': '2023',
	'findutils 4.6.0.225-235f': '2019',
	'findutils 4.7.0-git': '2017',
	'diffutils 3.6': '2017',
	'diffutils 3.10': '2023',
	'bash 5.1.4': '2020',
	'bash 5.1.8': '2020',
	'bash 5.1.16': '2020',
	'bash 5.2.15': '2022',
	'coreutils 8.30': '2018',
	'coreutils 8.32': '2020',
	'coreutils 9.1': '2022',
	'grep 3.4': '2020',
	'grep 3.6': '2020',
	'grep 3.7': '2021',
	'grep 3.8': '2022',
	'sed 4.7': '2018',
	'sed 4.8': '2020',
	'sed 4.9': '2022',
	'tar 1.30': '2017',
	'tar 1.34': '2021',
	'findutils 4.7.0': '2019',
	'findutils 4.8.0': '2021',
	'findutils 4.9.0': '2022',
	'diffutils 3.7': '2018',
	'diffutils 3.8': '2021',
};

/** Who wrote which program of coreutils (AUTHORS @ v8.32). */
const AUTHORS: readonly (readonly [names: string, authors: string])[] = [
	['arch', 'David MacKenzie and Karel Zak'],
	['b2sum', 'Padraig Brady and Samuel Neves'],
	['base32 base64', 'Simon Josefsson'],
	['basename date expand fold install mkdir mkfifo mknod nice rmdir stty tty uname unexpand yes', 'David MacKenzie'],
	['basenc', 'Simon Josefsson and Assaf Gordon'],
	['cat split', 'Torbjorn Granlund and Richard M. Stallman'],
	['chgrp chmod chown dirname head', 'David MacKenzie and Jim Meyering'],
	['cksum', 'Q. Frank Xia'],
	['comm dir ls uniq vdir', 'Richard M. Stallman and David MacKenzie'],
	['cp', 'Torbjorn Granlund, David MacKenzie, and Jim Meyering'],
	['csplit', 'Stuart Kemp and David MacKenzie'],
	['cut', 'David M. Ihnat, David MacKenzie, and Jim Meyering'],
	['dd', 'Paul Rubin, David MacKenzie, and Stuart Kemp'],
	['df', 'Torbjorn Granlund, David MacKenzie, and Paul Eggert'],
	['dircolors', 'H. Peter Anvin'],
	['du', 'Torbjorn Granlund, David MacKenzie, Paul Eggert,\nand Jim Meyering'],
	['env', 'Richard Mlynarik, David MacKenzie, and Assaf Gordon'],
	['expr', 'Mike Parker, James Youngman, and Paul Eggert'],
	['fmt', 'Ross Paterson'],
	['groups', 'David MacKenzie and James Youngman'],
	['hostid nohup od tr', 'Jim Meyering'],
	['id', 'Arnold Robbins and David MacKenzie'],
	['join', 'Mike Haertel'],
	['link unlink', 'Michael Stone'],
	['ln', 'Mike Parker and David MacKenzie'],
	['logname', 'FIXME: unknown'],
	['md5sum sha1sum sha224sum sha256sum sha384sum sha512sum', 'Ulrich Drepper, Scott Miller, and David Madore'],
	['mktemp', 'Jim Meyering and Eric Blake'],
	['mv', 'Mike Parker, David MacKenzie, and Jim Meyering'],
	['nl', 'Scott Bartram and David MacKenzie'],
	['nproc', 'Giuseppe Scrivano'],
	['numfmt', 'Assaf Gordon'],
	['paste', 'David M. Ihnat and David MacKenzie'],
	['pathchk', 'Paul Eggert, David MacKenzie, and Jim Meyering'],
	['pinky', 'Joseph Arceneaux, David MacKenzie, and Kaveh Ghazi'],
	['pr', 'Pete TerMaat and Roland Huebner'],
	['printenv', 'David MacKenzie and Richard Mlynarik'],
	['readlink', 'Dmitry V. Levin'],
	['realpath stdbuf timeout truncate', 'Padraig Brady'],
	['rm', 'Paul Rubin, David MacKenzie, Richard M. Stallman,\nand Jim Meyering'],
	['seq', 'Ulrich Drepper'],
	['shred', 'Colin Plumb'],
	['shuf', 'Paul Eggert'],
	['sleep', 'Jim Meyering and Paul Eggert'],
	['sort', 'Mike Haertel and Paul Eggert'],
	['stat', 'Michael Meskes'],
	['sum', 'Kayvan Aghaiepour and David MacKenzie'],
	['sync', 'Jim Meyering and Giuseppe Scrivano'],
	['tac', 'Jay Lepreau and David MacKenzie'],
	['tail', 'Paul Rubin, David MacKenzie, Ian Lance Taylor,\nand Jim Meyering'],
	['tee', 'Mike Parker, Richard M. Stallman, and David MacKenzie'],
	['touch', 'Paul Rubin, Arnold Robbins, Jim Kingdon,\nDavid MacKenzie, and Randy Smith'],
	['tsort', 'Mark Kettenis'],
	['users', 'Joseph Arceneaux and David MacKenzie'],
	['wc', 'Paul Rubin and David MacKenzie'],
	['who', 'Joseph Arceneaux, David MacKenzie, and Michael Stone'],
	['whoami', 'Richard Mlynarik'],
	['chroot', 'Roland McGrath'],
];

const FREE =
	'This is free software: you are free to change and redistribute it.\nThere is NO WARRANTY, to the extent permitted by law.\n';

/** The release of a place's system; undefined of one that is neither Debian nor Ubuntu. */
export function releaseAt(place: Place, lab: Lab): Release | 'busybox' | 'alpine' | undefined {
	const known = (name: string): Release | undefined => (Object.hasOwn(PACKAGES, name) ? (name as Release) : undefined);
	if (place.kind === 'laptop') return 'Ubuntu 22.04';
	if (place.kind === 'node') {
		const cluster = lab.cluster(place.cluster);
		const os = cluster && contextOf(cluster)?.machines.get(place.node)?.image.osImage;
		const [, name, number] = /^(Debian|Ubuntu)\D* (\d+(?:\.\d+)?)/.exec(os ?? '') ?? [];
		return known(`${name} ${number}`);
	}
	const image = imageAt(place, lab);
	if (image === undefined) return undefined;
	const { system } = imageFacts(image);
	if (system === 'alpine' || system === 'busybox') return system;
	return known(`${system === 'ubuntu' ? 'Ubuntu' : 'Debian'} ${imageRelease(image)}`);
}

const UTIL_LINUX = new Set(
	'mount umount lsblk dmesg nsenter lsns su flock more column rev hexdump setsid unshare script last logger findmnt'.split(
		' ',
	),
);
const PROCPS = new Set('ps free top uptime w watch vmstat pgrep pkill sysctl pmap'.split(' '));

const bashText = (version: string, year: string, host: string): string =>
	`GNU bash, version ${version}(1)-release (${host})\nCopyright (C) ${year} Free Software Foundation, Inc.\nLicense GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>\n\nThis is free software; you are free to change and redistribute it.\nThere is NO WARRANTY, to the extent permitted by law.\n`;

/** What a program writes for `--version`; undefined of one that answers itself. */
export function versionText(release: Release, name: string): string | undefined {
	const [bash, coreutils, grep, sed, tar, gzip, findutils, diffutils, utilLinux, procps, dpkg, hostname] =
		PACKAGES[release].split(' ');
	/** gnulib's lib/version-etc.c. */
	const gnu = (what: string, group: string, version: string, authors: string, more = ''): string => {
		return `${what} (${group}) ${version}\nCopyright (C) ${YEARS[`${group.replace('GNU ', '')} ${version}`]} Free Software Foundation, Inc.\nLicense GPLv3+: GNU GPL version 3 or later <https://gnu.org/licenses/gpl.html>.\n${FREE}\n${authors}\n${more}`;
	};
	switch (name) {
		case 'bash':
			return bashText(bash!, YEARS[`bash ${bash}`]!, 'x86_64-pc-linux-gnu');
		case 'grep':
		case 'egrep':
		case 'fgrep':
			return gnu(
				'grep',
				'GNU grep',
				grep!,
				'Written by Mike Haertel and others; see\n<https://git.sv.gnu.org/cgit/grep.git/tree/AUTHORS>.',
			);
		case 'sed': {
			const [head, ...rest] = gnu(
				'sed',
				'GNU sed',
				sed!,
				'Written by Jay Fenlason, Tom Lord, Ken Pizzini,\nPaolo Bonzini, Jim Meyering, and Assaf Gordon.\n\nThis sed program was built with SELinux support.\nSELinux is disabled on this system.\n\nGNU sed home page: <https://www.gnu.org/software/sed/>.\nGeneral help using GNU software: <https://www.gnu.org/gethelp/>.\nE-mail bug reports to: <bug-sed@gnu.org>.',
			).split('\n');
			return [head, ...(sed === '4.9' ? ['Packaged by Debian'] : []), ...rest].join('\n');
		}
		case 'tar':
			return gnu('tar', 'GNU tar', tar!, 'Written by John Gilmore and Jay Fenlason.');
		case 'gzip':
		case 'gunzip':
		case 'zcat':
			return `${name === 'gzip' ? 'gzip' : `${name} (gzip)`} ${gzip}\nCopyright (C) ${name === 'gzip' ? '2018 Free Software Foundation, Inc.\nCopyright (C) 1993 Jean-loup Gailly' : '2007, 2011-2018 Free Software Foundation, Inc'}.\nThis is free software.  You may redistribute copies of it under the terms of\nthe GNU General Public License <https://www.gnu.org/licenses/gpl.html>.\nThere is NO WARRANTY, to the extent permitted by law.\n\nWritten by ${name === 'gzip' ? 'Jean-loup Gailly' : 'Paul Eggert'}.\n`;
		case 'find':
		case 'xargs':
			return gnu(
				name,
				'GNU findutils',
				findutils!,
				'Written by Eric B. Decker, James Youngman, and Kevin Dalley.',
				name === 'find'
					? 'Features enabled: D_TYPE O_NOFOLLOW(enabled) LEAF_OPTIMISATION FTS(FTS_CWDFD) CBO(level=2) \n'
					: '',
			);
		case 'diff':
		case 'cmp':
			return gnu(
				name,
				'GNU diffutils',
				diffutils!,
				name === 'diff'
					? 'Written by Paul Eggert, Mike Haertel, David Hayes,\nRichard Stallman, and Len Tower.'
					: 'Written by Torbjörn Granlund and David MacKenzie.',
			);
		case 'hostname':
			return `hostname ${hostname}\n`;
		case 'dpkg':
			return `Debian 'dpkg' package management program version ${dpkg} (amd64).\nThis is free software; see the GNU General Public License version 2 or\nlater for copying conditions. There is NO warranty.\n`;
	}
	if (UTIL_LINUX.has(name)) {
		const more =
			name === 'mount' || name === 'umount'
				? ` (libmount ${utilLinux}: selinux, smack, btrfs, verity, namespaces, assert, debug)`
				: '';
		return `${name} from util-linux ${utilLinux}${more}\n`;
	}
	if (PROCPS.has(name)) return `${name} from procps-ng ${procps}\n`;
	if (name === 'cksum' && coreutils === '9.1')
		return gnu(name, 'GNU coreutils', coreutils, 'Written by Padraig Brady and Q. Frank Xia.');
	const authors = AUTHORS.find(([names]) => names.split(' ').includes(name))?.[1];
	if (authors === undefined) return undefined;
	return gnu(name, name === 'dd' ? 'coreutils' : 'GNU coreutils', coreutils!, `Written by ${authors}.`);
}

/** Alpine 3.16's bash, and that of the image `bash`, whose latest was 5.1 in the lab's time. */
function bashOfAlpine(image: string): Answer | undefined {
	const { repository, tag } = imageFacts(image);
	const own = repository === 'bash';
	const version = own
		? (/^\d+\.\d+\.\d+/.exec(tag)?.[0] ?? (/^(?:latest|5|5\.1)(?:-|$)/.test(tag) ? '5.1.16' : ''))
		: '5.1.16';
	const year = YEARS[`bash ${version}`];
	if (year === undefined) return undefined;
	const host = own ? 'x86_64-pc-linux-musl' : 'x86_64-alpine-linux-musl';
	return { stdout: bashText(version, year, host), stderr: '', exitCode: 0 };
}

/** What `NAME --version` answers in a place; undefined where the program says that itself. */
export function versionAt(place: Place, lab: Lab, name: string): Answer | undefined {
	const release = releaseAt(place, lab);
	if (release === undefined) return undefined;
	if (release === 'busybox' || release === 'alpine') {
		if (name === 'bash') return bashOfAlpine(imageAt(place, lab) ?? '');
		if (name === 'sed') return { stdout: 'This is not GNU sed version 4.0\n', stderr: '', exitCode: 0 };
		if (name === 'tar') return { stdout: 'tar (busybox) 1.35.0\n', stderr: '', exitCode: 0 };
		// In the words of `busybox-words.ts`, which adds how it is called.
		const stderr = `${name}: unrecognized option '--version'\n`;
		return usageOf(name) === undefined ? undefined : { stdout: '', stderr, exitCode: 1 };
	}
	const text = versionText(release, name);
	return text === undefined ? undefined : { stdout: text, stderr: '', exitCode: 0 };
}
