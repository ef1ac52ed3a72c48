/* Every check there is so far. */
#include "groups.h"

/* clang-format off */
const kit_check kit_checks[] = {
#define XX(name, needs, caps) { 'A', #name, kit_##name, needs, caps },
	KIT_GROUP_A(XX)
#undef XX
#define XX(name, needs, caps) { 'B', #name, kit_##name, needs, caps },
	KIT_GROUP_B(XX)
#undef XX
#define XX(name, needs, caps) { 'C', #name, kit_##name, needs, caps },
	KIT_GROUP_C(XX)
#undef XX
#define XX(name, needs, caps) { 'D', #name, kit_##name, needs, caps },
	KIT_GROUP_D(XX)
#undef XX
#define XX(name, needs, caps) { 'E', #name, kit_##name, needs, caps },
	KIT_GROUP_E(XX)
#undef XX
#define XX(name, needs, caps) { 'H', #name, kit_##name, needs, caps },
	KIT_GROUP_H(XX)
#undef XX
#define XX(name, needs, caps) { 'J', #name, kit_##name, needs, caps },
	KIT_GROUP_J(XX)
#undef XX
};
/* clang-format on */
const uint32_t kit_ncheck = sizeof(kit_checks) / sizeof(kit_checks[0]);
