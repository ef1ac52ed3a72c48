# driver: see house rules in core/local.mk; its sources join libcore.la.
