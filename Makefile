.PHONY: setup
setup:
	@sh .ci/setup
