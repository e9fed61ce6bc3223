# frozen_string_literal: true

require_relative 'lib/luma_automation/version'

Gem::Specification.new do |spec|
  spec.name = 'luma_automation'
  spec.version = LumaAutomation::VERSION
  spec.summary = 'Client of the Luma Automation gateway: triggers workflows and waits for them'
  spec.authors = ['libluma']
  spec.licenses = ['MIT', 'Apache-2.0']
  # `gem build --strict` wants one. RELEASING.md says what this site has to serve.
  spec.homepage = 'https://libluma.org'
  spec.required_ruby_version = '>= 3.0'
  # A gem for a platform contains the C library, see gems.sh.
  spec.platform = ENV.fetch('LUMA_GEM_PLATFORM', Gem::Platform::RUBY)
  spec.files = Dir['lib/**/*', 'README.md', 'LICENSE-*', 'THIRD-PARTY-LICENSES', base: __dir__].select do |path|
    File.file?(File.join(__dir__, path))
  end
  spec.metadata['rubygems_mfa_required'] = 'true'
  spec.add_runtime_dependency 'ffi', '~> 1.15'
end
