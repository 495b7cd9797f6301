# The package of the Lambda functions: one for all of them, portable between processors. `sam deploy` and `sam local` take the folder as it is
# (each function says SkipBuild, so `sam build` leaves it alone).
PACKAGE := artifacts/lambda
# build-x86_64 instead: see below.
BUILD := build
PUBLISH := dotnet publish src/Risk.Lambda -c Release -o $(PACKAGE) -p:UseAppHost=false -p:PublishDocumentationFile=false -p:PublishReferencesDocumentationFiles=false -v q -nologo

SELF_CONTAINED := artifacts/self-contained
RUNTIME := linux-x64

.PHONY: build build-arm64 build-x86_64 build-self-contained package deploy clean

build:
	rm -rf $(PACKAGE)
	$(PUBLISH)

# The same bytes: the runtime compiles them for the processor that it finds.
build-arm64: build

# For stacks whose Architecture is x86_64 alone: what the functions reach is compiled ahead, the rest is left out, and so are the symbols: a
# stack trace in the log names methods but no lines.
build-x86_64:
	rm -rf $(PACKAGE)
	$(PUBLISH) -p:Processor=x86_64

# With its .NET inside, as the executable `bootstrap`: for the runtime provided.al2023, on x86_64.
build-self-contained:
	rm -rf $(SELF_CONTAINED)
	dotnet publish src/Risk.Lambda -c Release -r $(RUNTIME) --self-contained -o $(SELF_CONTAINED) -p:PublishDocumentationFile=false -p:PublishReferencesDocumentationFiles=false -v q -nologo

# What is uploaded, and how large it is; the limit of the design is 8 MB.
package: $(BUILD)
	rm -f artifacts/lambda.zip
	cd $(PACKAGE) && zip -9 -q -r ../lambda.zip .
	@echo "artifacts/lambda.zip: $$(wc -c < artifacts/lambda.zip) bytes"

deploy: $(BUILD)
	sam deploy --config-env $(or $(ENV),dev)

clean:
	rm -rf $(PACKAGE) $(SELF_CONTAINED) artifacts/lambda.zip
