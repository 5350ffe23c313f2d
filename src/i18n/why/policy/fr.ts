import type { PolicyWords } from '../types.ts';

export const why: PolicyWords = {
	'cilium.policy-allow-egress':
		'La table de politique de l’endpoint {endpoint} a une entrée pour l’identité {identity} ({ip}) en sortie (correspondance : {match}) : la connexion est autorisée.',
	'cilium.policy-allow-ingress':
		'La table de politique de l’endpoint {endpoint} a une entrée pour l’identité {identity} ({ip}) en entrée (correspondance : {match}) : la connexion est autorisée.',
	'cilium.policy-audit-egress':
		'Les politiques de l’endpoint {endpoint} n’autorisent pas l’identité {identity} ({ip}) en sortie (correspondance : {match}). L’endpoint est en mode audit : c’est signalé, et le paquet continue.',
	'cilium.policy-audit-ingress':
		'Les politiques de l’endpoint {endpoint} n’autorisent pas l’identité {identity} ({ip}) en entrée (correspondance : {match}). L’endpoint est en mode audit : c’est signalé, et le paquet continue.',
	'cilium.policy-deny-egress':
		'La table de politique de l’endpoint {endpoint} refuse l’identité {identity} ({ip}) en sortie (correspondance : {match}). Un refus l’emporte sur toute autorisation : le paquet est jeté, sans que personne n’en soit averti.',
	'cilium.policy-deny-ingress':
		'La table de politique de l’endpoint {endpoint} refuse l’identité {identity} ({ip}) en entrée (correspondance : {match}). Un refus l’emporte sur toute autorisation : le paquet est jeté, sans que personne n’en soit averti.',
	'cilium.policy-none-egress':
		'Une politique sélectionne l’endpoint {endpoint} en sortie : ce qu’aucune entrée n’autorise est refusé. Il n’y en a pas pour l’identité {identity} ({ip}) et ce port : le paquet est jeté, sans que personne n’en soit averti.',
	'cilium.policy-none-ingress':
		'Une politique sélectionne l’endpoint {endpoint} en entrée : ce qu’aucune entrée n’autorise est refusé. Il n’y en a pas pour l’identité {identity} ({ip}) et ce port : le paquet est jeté, sans que personne n’en soit averti.',
	'kindnet.policy-egress':
		'Une NetworkPolicy sélectionne le pod {pod} en sortie : ce qu’aucune règle n’autorise est refusé, et aucune n’autorise {ip} et ce port. Le noyau interroge kindnetd sur le premier paquet de chaque connexion (file 102) : il est jeté, sans que personne n’en soit averti.',
	'kindnet.policy-ingress':
		'Une NetworkPolicy sélectionne le pod {pod} en entrée : ce qu’aucune règle n’autorise est refusé, et aucune n’autorise {ip} et ce port. Le noyau interroge kindnetd sur le premier paquet de chaque connexion (file 102) : il est jeté, sans que personne n’en soit averti.',
};
